namespace EdgeDropBack.Devices;

/// <summary>
/// Energy of moving data to or from DRAM, in <paramref name="Unit"/>: pJ/bit, or pJ/access32 for each 32-bit access.
/// The additions are of the thesis' arithmetic (pJ each), null elsewhere.
/// </summary>
public sealed record EnergyProfile(
    string Unit, Figure Low, Figure Central, Figure High, Figure? FloatAddPicojoules, Figure? IntAddPicojoules)
{
    internal const string PerBit = "pJ/bit";
    internal const string PerAccess32 = "pJ/access32";

    /// <summary>Joules for <paramref name="bytes"/> moved.</summary>
    public EnergyRange Of(long bytes)
    {
        double units = Unit == PerBit ? bytes * 8.0 : bytes / 4.0;
        return new EnergyRange(units * Low.Value * 1e-12, units * Central.Value * 1e-12, units * High.Value * 1e-12);
    }
}
