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
}
