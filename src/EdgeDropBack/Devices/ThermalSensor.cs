using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeDropBack.Devices;

/// <summary>
/// The hottest of the board's thermal zones (/sys/class/thermal, the kernel's thermal sysfs API: thousandths of a degree Celsius).
/// Reading allocates nothing.
/// </summary>
sealed class ThermalSensor : IDisposable
{
    const int LowestCelsius = -40, HighestCelsius = 150;

    readonly List<SafeFileHandle> _zones = [];

    /// <param name="root">The file system's root; tests have their own.</param>
    public ThermalSensor(string root = "/")
    {
        foreach (var zone in SystemFile.Indices(root, "sys/class/thermal", "thermal_zone"))
        {
            try
            {
                _zones.Add(File.OpenHandle(Path.Combine(root, $"sys/class/thermal/thermal_zone{zone}/temp")));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A zone that is switched off has no temperature.
            }
        }
    }

    /// <summary>Degrees Celsius; null where no zone gives a sensible number.</summary>
    public double? Read()
    {
        double? hottest = null;
        Span<byte> text = stackalloc byte[16];
        foreach (var zone in _zones)
        {
            if (Read(zone, text) is not { } celsius || celsius is < LowestCelsius or > HighestCelsius) continue;
            if (hottest is null || celsius > hottest) hottest = celsius;
        }
        return hottest;
    }

    public void Dispose()
    {
        foreach (var zone in _zones) zone.Dispose();
    }

    static double? Read(SafeFileHandle zone, Span<byte> text)
    {
        try
        {
            var length = RandomAccess.Read(zone, text, 0);
            return Utf8Parser.TryParse(text[..length], out int thousandths, out _) ? thousandths / 1000.0 : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
