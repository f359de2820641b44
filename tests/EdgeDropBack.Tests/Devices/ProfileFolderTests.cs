using EdgeDropBack.Devices;
using NJsonSchema;
using NJsonSchema.Validation;

namespace EdgeDropBack.Tests.Devices;

/// <summary>Every file in device-profiles/ is held to the schema, to our reader and to sense.</summary>
public sealed class ProfileFolderTests
{
    static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "device-profiles");

    public static TheoryData<string> Profiles() => [.. ProfileFiles().Select(f => Path.GetFileNameWithoutExtension(f))];

    static IEnumerable<string> ProfileFiles() =>
        Directory.EnumerateFiles(s_folder, "*.json").Where(f => !f.EndsWith(".schema.json", StringComparison.Ordinal)).Order();

    static async Task<ICollection<ValidationError>> Validate(string json)
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(s_folder, "profile.schema.json"));
        return schema.Validate(json);
    }

    [Fact]
    public void TheNineProfilesAreThere() => Assert.Equal(
        ["jetson-nano", "raspberry-pi-3b-plus", "raspberry-pi-4b", "raspberry-pi-5", "raspberry-pi-zero-2w", "rock-5b",
            "snapdragon-8-gen-2", "tensor-g2", "thesis-45nm"],
        ProfileFolder.Names());

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task ProfileMatchesTheSchema(string name) =>
        Assert.Empty(await Validate(await File.ReadAllTextAsync(Path.Combine(s_folder, name + ".json"))));

    [Theory]
    [InlineData("\"level\": \"L2\"", "\"level\": \"L7\"")]
    [InlineData("\"unit\": \"pJ/bit\"", "\"unit\": \"nJ\"")]
    [InlineData("\"bytes\": 1048576", "\"bytes\": -1")]
    [InlineData("\"title\"", "\"tilte\"")]
    [InlineData(", \"source\": \"sbc-bench (tinymembench), one core\"", "")]
    public async Task SchemaRefusesWhatTheReaderRefuses(string from, string to)
    {
        string json = await File.ReadAllTextAsync(Path.Combine(s_folder, "raspberry-pi-4b.json"));
        json = json.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEmpty(await Validate(json));
        Assert.Throws<EdbException>(() => DeviceProfileReader.Read(System.Text.Encoding.UTF8.GetBytes(json), "changed.json"));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void ProfileIsNamedAfterItsFile(string name) => Assert.Equal(name, DeviceProfile.Load(name).Name);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void FiguresAreSane(string name)
    {
        var profile = DeviceProfile.Load(name);
        Assert.All(profile.Cores, c =>
        {
            Assert.InRange(c.Count, 1, 16);
            Assert.InRange(c.ClockGHz.Value, 0.5, 4.0);
            Assert.True(c.FlopPerCycle.Value is 8 or 16 or 32);
        });
        Assert.All(profile.Caches, c =>
        {
            Assert.InRange(c.Bytes, 16 << 10, 16 << 20);
            Assert.Equal(64, c.LineBytes);
            Assert.True(long.IsPow2(c.Sets), $"{c.Level} {c.Kind}: {c.Sets} sets");
            Assert.True(c.Cluster is null || profile.Cores.Any(core => core.Microarchitecture == c.Cluster), c.Cluster);
            Assert.InRange(c.SharedBy, 1, profile.Cores.Sum(core => core.Count));
        });
        if (profile.Dram is not { } dram)
            return;
        Assert.InRange(dram.PeakGBs.Value, 3, 100);
        Assert.InRange(dram.CopyMBs.Value, 1000, 500 * dram.PeakGBs.Value);
        Assert.InRange(dram.SetMBs.Value, 1000, 1000 * dram.PeakGBs.Value);
        Assert.InRange(dram.MemoryBytes.Value, 512L << 20, 32L << 30);
        Assert.InRange(profile.EnergyPerTransfer.Central.Value, 2, 80);
        Assert.True(profile.HasTiming);
    }

    [Theory]
    [InlineData("raspberry-pi-zero-2w", 4, 512 << 10, 1300)]
    [InlineData("raspberry-pi-3b-plus", 4, 512 << 10, 1230)]
    [InlineData("raspberry-pi-4b", 4, 1 << 20, 2330)]
    [InlineData("raspberry-pi-5", 4, 2 << 20, 5270)]
    [InlineData("jetson-nano", 4, 2 << 20, 3730)]
    [InlineData("rock-5b", 4, 3 << 20, 10830)]
    [InlineData("snapdragon-8-gen-2", 5, 6 << 20, 14470)]
    [InlineData("tensor-g2", 4, 8 << 20, 12000)]
    public void KeyFiguresAreThePublishedOnes(string name, int performanceCores, int lastLevelBytes, int copyMBs)
    {
        var profile = DeviceProfile.Load(name);
        Assert.Equal(performanceCores, profile.PerformanceCores);
        Assert.Equal(lastLevelBytes, profile.LastLevelCache!.Bytes);
        Assert.Equal(copyMBs, profile.Dram!.CopyMBs.Value);
    }

    [Theory]
    [InlineData("snapdragon-8-gen-2")]
    [InlineData("tensor-g2")]
    public void UnpublishedBandwidthIsMarkedAsEstimate(string name) =>
        Assert.True(DeviceProfile.Load(name).Dram!.CopyMBs.Estimate);

    [Theory]
    [InlineData("raspberry-pi-5")]
    [InlineData("rock-5b")]
    [InlineData("snapdragon-8-gen-2")]
    [InlineData("tensor-g2")]
    public void EnergyOfNewerDramIsMarkedAsEstimate(string name) =>
        Assert.True(DeviceProfile.Load(name).EnergyPerTransfer.Central.Estimate);
}
