using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Law 4: the same model, data, options and seed give the same store, whatever the number of threads.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> All => [.. Variants.Names, "dense momentum", "auto"];

    [Theory]
    [MemberData(nameof(All))]
    public void TheSameCommandGivesTheSameStoreOnAnyNumberOfThreads(string variant)
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), variant);
        string? expected = null;
        foreach (var threads in (int[])[1, 1, 2, 3])
        {
            var store = folder[$"{threads}.edb"];
            var result = Personalizer.Run(options with { Store = store, Session = options.Session with { Threads = threads } });
            Assert.True(result.Accepted);
            Assert.True(result.Tracked > 0);
            Assert.Equal(StoreFolder.Sha256(store), result.Store.Sha256);
            Assert.Equal(expected ??= result.Store.Sha256, result.Store.Sha256);
        }
    }

    [Fact]
    public void AnotherSeedGivesAnotherStore()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var first = Personalizer.Run(options).Store.Sha256;
        Assert.NotEqual(first, Personalizer.Run(options with { Session = options.Session with { Seed = 2 } }).Store.Sha256);
    }
}
