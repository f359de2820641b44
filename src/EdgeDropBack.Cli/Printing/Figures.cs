using System.Globalization;
using EdgeDropBack.Devices;

namespace EdgeDropBack.Cli.Printing;

/// <summary>Numbers as people read them; decimal units.</summary>
static class Figures
{
    public static string Bytes(long bytes) => bytes < 1000 ? $"{bytes} B" : Scaled(bytes, ["B", "KB", "MB", "GB", "TB"]);

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1234567 as 1.23 M.</summary>
    public static string Short(long count) => count < 10_000 ? Count(count) : Scaled(count, ["", "k", "M", "G", "T"]);

    public static string Percent(double? share) => share is { } s ? (s * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%" : "-";

    /// <summary>A change in percentage points.</summary>
    public static string Change(double? before, double? after)
        => (after - before) is { } d ? (d * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : "-";

    public static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + "x";

    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Milliseconds(double value)
        => value.ToString(value < 1 ? "0.000" : value < 100 ? "0.00" : "0", CultureInfo.InvariantCulture) + " ms";

    /// <summary>"0.41 to 1.20 mJ".</summary>
    public static string Energy(EnergyRange joules)
    {
        var (factor, unit) = joules.High switch { >= 1 => (1, "J"), >= 1e-3 => (1e3, "mJ"), >= 1e-6 => (1e6, "uJ"), _ => (1e9, "nJ") };
        return string.Create(CultureInfo.InvariantCulture, $"{joules.Low * factor:0.00} to {joules.High * factor:0.00} {unit}");
    }

    static string Scaled(double value, string[] units)
    {
        var unit = 0;
        for (; value >= 999.5 && unit + 1 < units.Length; unit++) value /= 1000;
        var format = value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {units[unit]}".TrimEnd();
    }
}
