using System.Diagnostics;
using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Data;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Opening a pipe waits for a writer, and some devices never end: both are refused before they are opened.</summary>
public sealed class PipesAndDevicesTests
{
    [Theory]
    [InlineData("pipe.json")]
    [InlineData("endless.json")]
    public void NoReaderWaitsForThem(string name)
    {
        using var folder = new TempFolder();
        using (var make = Process.Start("mkfifo", folder["pipe.json"])) make.WaitForExit();
        File.CreateSymbolicLink(folder["endless.json"], "/dev/zero");
        var path = folder[name];
        Action[] readers =
        [
            () => SparseStore.Open(path), () => TrafficReport.Load(path), () => DeviceProfile.Load(path), () => Sidecar.Read(path),
            () => DatasetLoader.Open(path, DataTest.Options([4], 2)),
        ];
        Assert.All(readers, read => Assert.Matches("empty|regular|cut short: 0 bytes", Assert.Throws<EdbException>(read).Message));
    }
}
