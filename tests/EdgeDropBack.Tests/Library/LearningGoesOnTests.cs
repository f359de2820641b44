using EdgeDropBack.Store;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>Today's store is where tomorrow begins; yesterday's is never lost; and bad days are not kept.</summary>
public sealed class LearningGoesOnTests
{
    [Fact]
    public void TwoDaysAreBetterThanOneRollbackRestoresTheFirstAndABadThirdIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var stores = new TemporaryFolder();
        byte Bright(byte b) => (byte)Math.Min(255, 2 * b);
        var testOne = Fashion.Part(folder["test1.npz"], "user-test.npz", 0, 4);
        var testTwo = Fashion.Part(folder["test2.npz"], "user-test.npz", 1, 4, map: Bright);
        var store = stores["user.edb"];
        var one = new PersonalizeOptions
        {
            Model = Fashion.Model,
            Data = Fashion.Part(folder["one.npz"], "user-train.npz", 0, 2, 120),
            Test = testOne,
            Replay = Fashion.Shipped("replay.npz"),
            Store = store,
            Rate = 0.8f,
            Epochs = 8,
        };
        var first = Personalizer.Run(one);
        Assert.True(first.Accepted);
        var firstDay = (One: Accuracy(store, testOne), Two: Accuracy(store, testTwo));

        var two = one with
        {
            Data = Fashion.Part(folder["two.npz"], "user-train.npz", 1, 2, map: Bright),
            Test = testTwo,
            Replay = one.Data,
            From = store,
        };
        var second = Personalizer.Run(two);
        Assert.True(second.Accepted, second.Refusal);
        Assert.Equal(firstDay.Two, second.Accuracy.Before);
        var secondDay = (One: Accuracy(store, testOne), Two: Accuracy(store, testTwo));
        Assert.True(secondDay.One > firstDay.One && secondDay.Two > firstDay.Two, $"day one {firstDay}, day two {secondDay}");

        var before = StoreFolder.Listing(stores.Path);
        var (x, y) = Fashion.Read("user-train.npz");
        var third = Personalizer.Run(two with { Data = Fashion.Write(folder["three.npz"], x, [.. y.Select(label => (label + 3) % 10)]), Replay = null });
        Assert.False(third.Accepted);
        Assert.Contains("user accuracy", third.Refusal, StringComparison.Ordinal);
        Assert.Equal(before, StoreFolder.Listing(stores.Path));

        new Generations(store).Rollback();
        Assert.Equal(first.Store.Sha256, StoreFolder.Sha256(store));
        Assert.Equal(firstDay.One, Accuracy(store, testOne));
        Assert.Equal(second.Store.Sha256, StoreFolder.Sha256(store + ".1"));
    }

    [Fact]
    public void GoingOnNeedsABudgetThatHoldsTheStore()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        Personalizer.Run(options);
        var usage = Assert.Throws<EdbException>(() => Personalizer.Run(options with
        {
            From = options.Store,
            Session = options.Session with { Budget = new(100, false) },
        }));
        Assert.Equal(2, usage.ExitCode);
        Assert.Contains("--budget", usage.Message, StringComparison.Ordinal);
    }

    static double Accuracy(string store, string data) => Inference.Evaluate(Fashion.Model, store, data, null, null).Accuracy!.Value;
}
