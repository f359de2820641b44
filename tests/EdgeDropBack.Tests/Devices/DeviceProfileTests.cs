using System.Text;
using EdgeDropBack.Devices;

namespace EdgeDropBack.Tests.Devices;

public sealed class DeviceProfileTests
{
    const string Minimal = """
        {
          "schemaVersion": 1, "name": "mini", "title": "Mini", "instructionSets": [],
          "cores": [
            { "count": 2, "microarchitecture": "slow", "kind": "efficiency",
              "clockGHz": { "value": 1, "estimate": true }, "flopPerCycle": { "value": 8, "source": "s" } },
            { "count": 1, "microarchitecture": "fast", "kind": "performance",
              "clockGHz": { "value": 2, "source": "s" }, "flopPerCycle": { "value": 16, "source": "s" } }
          ],
          "caches": [
            { "level": "L2", "kind": "unified", "bytes": 131072, "ways": 8, "lineBytes": 64, "sharedBy": 3, "source": "s" },
            { "level": "L1", "kind": "data", "bytes": 32768, "ways": 4, "lineBytes": 64, "sharedBy": 1, "source": "s" }
          ],
          "dram": {
            "kind": "LPDDR4", "memoryBytes": { "value": 1073741824, "source": "s" },
            "peakGBs": { "value": 10, "low": 8, "high": 12, "estimate": true },
            "copyMBs": { "value": 2000, "source": "s" }, "setMBs": { "value": 3000, "source": "s" }
          },
          "energy": {
            "unit": "pJ/bit",
            "low": { "value": 4, "source": "s" }, "central": { "value": 8, "source": "s" }, "high": { "value": 14, "source": "s" }
          }
        }
        """;

    static DeviceProfile Read(string json) => DeviceProfileReader.Read(Encoding.UTF8.GetBytes(json), "mini.json");

    static void AssertSays(string part, string message) => Assert.Contains(part, message, StringComparison.Ordinal);

    static string Error(string from, string to)
    {
        AssertSays(from, Minimal);
        var error = Assert.Throws<EdbException>(() => Read(Minimal.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal(3, error.ExitCode);
        Assert.StartsWith("profile mini.json: ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    [Fact]
    public void LastLevelCacheIsTheDeepestDataCache()
    {
        var cache = Read(Minimal).LastLevelCache!;
        Assert.Equal(("L2", 131072, 256), (cache.Level, cache.Bytes, cache.Sets));
    }

    [Fact]
    public void EnergyIsARangeInJoules() =>
        Assert.Equal(new EnergyRange(1000 * 8 * 4e-12, 1000 * 8 * 8e-12, 1000 * 8 * 14e-12), Read(Minimal).Energy(1000));

    [Fact]
    public void ThesisEnergyIs640PicojoulesForEach32BitAccess()
    {
        var energy = DeviceProfile.Load("thesis-45nm").Energy(4_000);
        Assert.Equal(640e-9, energy.Central, 1e-15);
        Assert.Equal(energy.Low, energy.High);
    }

    [Fact]
    public void ThesisHasNoCacheAndNoTime()
    {
        var thesis = DeviceProfile.Load("thesis-45nm");
        Assert.Null(thesis.LastLevelCache);
        Assert.False(thesis.HasTiming);
        Assert.Null(thesis.RooflineSeconds(1, 1, 1));
    }

    [Theory]
    [InlineData(32e9, 0, 1, 1.0)] // the fast core: 2 GHz x 16
    [InlineData(40e9, 0, 2, 1.0)] // and a slow one: 1 GHz x 8
    [InlineData(48e9, 0, 9, 1.0)] // all three, however many threads
    [InlineData(1, 8e9, 1, 2.0)] // 2000 MB/s copied are 4 GB/s moved
    public void RooflineIsTheSlowerOfArithmeticAndMemory(double flops, double bytes, int threads, double seconds) =>
        Assert.Equal(seconds, Read(Minimal).RooflineSeconds(flops, bytes, threads)!.Value, 12);

    [Fact]
    public void BandwidthNeverExceedsThePeak() =>
        Assert.Equal(10e9, Read(Minimal.Replace("2000", "9000", StringComparison.Ordinal)).Dram!.MeasuredBytesPerSecond);

    [Fact]
    public void RangeOfAFigureDefaultsToItsValue()
    {
        var dram = Read(Minimal).Dram!;
        Assert.Equal((8, 12), (dram.PeakGBs.Low, dram.PeakGBs.High));
        Assert.Equal((2000, 2000), (dram.CopyMBs.Low, dram.CopyMBs.High));
    }

    [Fact]
    public void HashIsOfTheFileBytes()
    {
        Assert.Equal(12, Read(Minimal).ShortHash.Length);
        Assert.Equal(Read(Minimal).Hash, Read(Minimal).Hash);
        Assert.NotEqual(Read(Minimal).Hash, Read(Minimal + " ").Hash);
    }

    [Fact]
    public void MissingFieldIsNamed() => AssertSays("caches[1].ways is missing", Error("\"ways\": 4,", ""));

    [Fact]
    public void MisspeltFieldIsNamedAsUnknown() =>
        AssertSays("dram.copyMBS is not known here; known: kind, memoryBytes", Error("\"copyMBs\"", "\"copyMBS\""));

    [Fact]
    public void MissingMemoryOfADeviceWithCachesIsNamed() => AssertSays("dram is missing", Error("\"dram\": {", "\"$schema\": {"));

    [Fact]
    public void CacheOfACoreThatIsNotThereIsRefused() => AssertSays("caches[1].cluster has unknown microarchitecture 'big'; known: slow, fast",
        Error("\"ways\": 4,", "\"ways\": 4, \"cluster\": \"big\","));

    [Fact]
    public void MissingSourceIsNamed() =>
        AssertSays("cores[1].clockGHz needs a source", Error("{ \"value\": 2, \"source\": \"s\" }", "{ \"value\": 2 }"));

    [Theory]
    [InlineData("-32768")]
    [InlineData("0")]
    [InlineData("\"32K\"")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    public void UnreadableSizeIsRefusedWithWhatWasFound(string size)
    {
        string message = Error("\"bytes\": 32768", "\"bytes\": " + size);
        AssertSays("caches[1].bytes", message);
    }

    [Fact]
    public void SizeThatWaysDoNotDivideIsRefused() => AssertSays("caches[1]", Error("\"bytes\": 32768", "\"bytes\": 32769"));

    [Fact]
    public void UnknownCacheLevelIsRefusedWithTheKnownOnes() =>
        AssertSays("caches[0].level has unknown cache level 'L7'; known: L1, L2, L3, system", Error("\"L2\"", "\"L7\""));

    [Fact]
    public void UnreadableUnitIsRefusedWithTheKnownOnes() =>
        AssertSays("energy.unit has unknown unit 'nJ'; known: pJ/bit, pJ/access32", Error("\"pJ/bit\"", "\"nJ\""));

    [Fact]
    public void EnergyThatDoesNotRiseIsRefused() => AssertSays("energy must rise", Error("\"value\": 14", "\"value\": 1"));

    [Fact]
    public void ZeroBandwidthIsRefused() => AssertSays("dram.copyMBs must be above zero", Error("2000", "0"));

    [Fact]
    public void OtherSchemaVersionIsRefused() =>
        AssertSays("schemaVersion is not 1", Error("\"schemaVersion\": 1", "\"schemaVersion\": 2"));

    [Fact]
    public void BrokenJsonIsRefusedByLine() => AssertSays("not valid JSON at line 3", Error("\"cores\": [", "\"cores\": ]"));

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    public void OtherJsonIsRefused(string json) => Assert.Equal(3, Assert.Throws<EdbException>(() => Read(json)).ExitCode);

    [Fact]
    public void UnknownNameOffersTheNearestAndListsAll()
    {
        var error = Assert.Throws<EdbException>(() => DeviceProfile.Load("Raspberry-pi4"));
        Assert.Equal(2, error.ExitCode);
        AssertSays("did you mean 'raspberry-pi-4b'?", error.Message);
        AssertSays("thesis-45nm", error.Message);
    }

    [Fact]
    public void MissingPathIsNamed() =>
        AssertSays("./nowhere/mine.json", Assert.Throws<EdbException>(() => DeviceProfile.Load("./nowhere/mine.json")).Message);

    [Theory]
    [InlineData("Raspberry Pi 4 Model B Rev 1.4", "raspberry-pi-4b")]
    [InlineData("Raspberry Pi Zero 2 W Rev 1.0", "raspberry-pi-zero-2w")]
    [InlineData("Raspberry Pi 3 Model B Plus Rev 1.3", "raspberry-pi-3b-plus")]
    [InlineData("Raspberry Pi 5 Model B Rev 1.0", "raspberry-pi-5")]
    [InlineData("Radxa ROCK 5B", "rock-5b")]
    [InlineData("NVIDIA Jetson Nano Developer Kit", "jetson-nano")]
    [InlineData("Acme Board", null)]
    public void BoardIsFoundByItsDeviceTreeModel(string model, string? name) => Assert.Equal(name, DeviceProfile.ForBoard(model)?.Name);
}
