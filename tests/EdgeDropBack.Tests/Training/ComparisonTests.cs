using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

public sealed class ComparisonTests
{
    [Fact]
    public void EveryModeRunsOnTheSameDataAndNothingStays()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var before = StoreFolder.Listing(folder.Path);
        var results = Comparison.Run(options, Comparison.DefaultModes, folder.Path);
        Assert.Equal(["dropback", "dropback", "dropback", "last-layer", "bias", "dense"], results.Select(r => r.Mode));
        Assert.Equal(["exact", "once", "exact"], results.Take(3).Select(r => r.Select));
        Assert.Equal(["layer", "layer", "global"], results.Take(3).Select(r => r.Score));
        Assert.Single(results.Select(r => r.Accuracy.Before).Distinct());
        Assert.Equal(640 + 10, results[3].Tracked);
        Assert.All(results.Take(3), r => Assert.InRange(r.Tracked, 1, r.Budget));
        Assert.True(results[5].Store.Bytes > 20 * results[0].Store.Bytes);
        Assert.Equal(before, StoreFolder.Listing(folder.Path));
        Assert.Empty(Directory.GetDirectories(folder.Path));
    }

    [Fact]
    public void AModeThatIsNoneIsWrongUsage()
    {
        using var folder = new TemporaryFolder();
        var usage = Assert.Throws<EdbException>(() => Comparison.Run(Fashion.Small(folder), ["dropback", "magic"]));
        Assert.Equal(2, usage.ExitCode);
        Assert.Contains("magic", usage.Message, StringComparison.Ordinal);
    }
}
