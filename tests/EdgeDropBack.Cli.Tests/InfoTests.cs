using EdgeDropBack.Kernels;

namespace EdgeDropBack.Cli.Tests;

public sealed class InfoTests
{
    [Fact]
    public void InfoNamesTheKernelsInUseOnOneLine()
        => Assert.Contains($"\nkernels: {KernelTable.Active}\n", Edb.Run("info").Out);

    [Fact]
    public void InfoAsJsonHasVersionAndKernels()
    {
        var json = Edb.Run("info", "--json").Json;
        Assert.Equal(CommandLine.Version, json.GetProperty("version").GetString());
        Assert.Equal(KernelTable.Active, json.GetProperty("kernels").GetString());
    }

    [Fact]
    public void SelftestPasses()
    {
        var run = Edb.Run("selftest", "--json");
        Assert.True(run.Code == 0, run.Error);
        Assert.True(run.Json.GetProperty("passed").GetBoolean());
    }

    [Fact]
    public void TheProfileOfThisMachineIsOneThatPlanTakes()
    {
        using var folder = new TemporaryFolder();
        var run = Edb.Run("info", "--profile");
        Assert.Equal(0, run.Code);
        Assert.True(run.Json.GetProperty("dram").GetProperty("copyMBs").GetProperty("value").GetDouble() > 0);
        File.WriteAllText(folder["board.json"], run.Out);
        Assert.Equal(0, Edb.Run("plan", folder.Model(), "--profile", folder["board.json"], "--lens", "algorithmic").Code);
    }

    [Fact]
    public void MeasuredTrafficIsCountedOrSaysWhyNot()
    {
        using var folder = new TemporaryFolder();
        var measured = Edb.Run("bench", folder.Model(), "--batch", "4", "--steps", "2", "--warmup", "1", "--json").Json.GetProperty("measured");
        if (measured.GetProperty("unavailable").GetString() is { } reason) Assert.Contains(": ", reason);
        else Assert.NotEmpty(measured.GetProperty("events").EnumerateArray());
    }

    [Theory]
    [InlineData("dense")]
    [InlineData("select")]
    [InlineData("frozen")]
    public void CountingIsTimedBesideStepsWithoutIt(string mode)
    {
        using var folder = new TemporaryFolder();
        var bench = Edb.Run("bench", folder.Model(), "--mode", mode, "--batch", "4", "--steps", "2", "--warmup", "1", "--metering", "--no-layers",
            "--json").Json;
        var metering = bench.GetProperty("metering");
        Assert.True(metering.GetProperty("offMilliseconds").GetDouble() > 0);
        Assert.True(metering.GetProperty("onMilliseconds").GetDouble() > 0);
        Assert.True(metering.GetProperty("share").GetDouble() > -1);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, bench.GetProperty("layers").ValueKind);
    }
}
