namespace EdgeDropBack.Devices;

/// <summary>An energy in joules as a range: published figures for one kind of DRAM differ by a factor of three.</summary>
public readonly record struct EnergyRange(double Low, double Central, double High)
{
    /// <summary>Sum, bound by bound.</summary>
    public static EnergyRange operator +(EnergyRange left, EnergyRange right) =>
        new(left.Low + right.Low, left.Central + right.Central, left.High + right.High);
}
