using EdgeDropBack.Devices;
using EdgeDropBack.Tests.Store;

namespace EdgeDropBack.Tests.Devices;

public sealed class ThermalSensorTests
{
    [Fact]
    public void TheHottestZoneCountsAndNonsenseDoesNot()
    {
        using var root = new TemporaryFolder();
        Zone(root, 0, "48312\n");
        Zone(root, 1, "61500\n");
        Zone(root, 2, "-274000\n");
        Zone(root, 3, "999999999\n");
        Zone(root, 4, "no number");
        Zone(root, 5, "");
        using var sensor = new ThermalSensor(root.Path);
        Assert.Equal(61.5, sensor.Read());
        Zone(root, 1, "40000\n");
        Assert.Equal(48.312, sensor.Read());
    }

    [Fact]
    public void ReadingAllocatesNothing()
    {
        using var root = new TemporaryFolder();
        Zone(root, 0, "48312\n");
        using var sensor = new ThermalSensor(root.Path);
        sensor.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) sensor.Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ABoardWithoutZonesHasNoTemperature()
    {
        using var root = new TemporaryFolder();
        using var sensor = new ThermalSensor(root.Path);
        Assert.Null(sensor.Read());
    }

    static void Zone(TemporaryFolder root, int number, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root.Path, $"sys/class/thermal/thermal_zone{number}")).FullName;
        File.WriteAllText(Path.Combine(folder, "temp"), text);
    }
}
