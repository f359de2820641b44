using EdgeDropBack.Data;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>`--select quantile`, with and without a fading base.</summary>
public sealed class QuantileTests
{
    [Fact]
    public void TheBoundFollowsTheCountsWithinItsGain()
    {
        var quantile = new RunningQuantile(100);
        Assert.Equal(1f, quantile.Next(1f, 100));
        Assert.InRange(quantile.Next(1f, 200), 1.0199f, 1.0201f);
        Assert.True(quantile.Next(1f, 150) is > 1f and < 1.02f);
        Assert.True(quantile.Next(1f, 0) is < 1f and > 0.97f);
    }

    [Fact]
    public void TheStoreNeverHoldsMoreThanTheBudgetAndLearns()
    {
        using var folder = new TemporaryFolder();
        var options = Quantile(folder, 1) with { Freeze = FreezePolicy.Parse("never") };
        var result = Personalizer.Run(options);
        Assert.InRange(result.Tracked, 1000, 2000);
        Assert.Equal("quantile", result.Select);
        Assert.True(result.Loss.Last < result.Loss.First);
        Assert.True(result.Churn!.First > 0);
    }

    [Fact]
    public void NoStepTracksMoreThanTheBudgetOrAllocates()
    {
        using var folder = new TemporaryFolder();
        var options = Quantile(folder, 1);
        using var session = TrainingSession.Open(options.Model, options.Session with { Quantile = true, Budget = Budget.Parse("500") });
        var (x, labels) = Fashion.Batch(50);
        for (var step = 0; step < 40; step++)
        {
            session.Step(x, labels, step < 20 ? 0.1f : 0.01f);
            Assert.InRange(session.Trainer.Tracked!.Count, 1, 500);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        session.Step(x, labels, 0.01f);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The bound holds scores, which clipping scales: candidates that clipping puts below it do not count.</summary>
    [Fact]
    public void TheTrackedSetStaysNearTheBudgetWhereGradientsAreClipped()
    {
        using var folder = new TemporaryFolder();
        var options = Quantile(folder, 1);
        using var session = TrainingSession.Open(options.Model, options.Session with { Quantile = true, Budget = Budget.Parse("500"), Clip = 0.005f });
        for (var step = 0; step < 300; step++)
        {
            var (x, labels) = Fashion.Batch(50, step % 10 * 50);
            session.Step(x, labels, 0.1f);
        }
        Assert.InRange(session.Trainer.Tracked!.Count, 480, 500);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.9)]
    public void AnyNumberOfThreadsGivesTheSameStore(double decay)
    {
        using var folder = new TemporaryFolder();
        var options = Quantile(folder, decay);
        var clipped = options with { Session = options.Session with { Clip = 0.5f } };
        foreach (var variant in (PersonalizeOptions[])[options, clipped])
        {
            var one = Personalizer.Run(variant).Store.Sha256;
            Assert.Equal(one, Personalizer.Run(variant with { Session = variant.Session with { Threads = 2 } }).Store.Sha256);
        }
    }

    [Theory]
    [InlineData(SelectMode.Quantile, 1)]
    [InlineData(SelectMode.Quantile, 0.9)]
    [InlineData(SelectMode.Exact, 0.9)]
    [InlineData(SelectMode.Exact, 0.5)]
    public void CancelledAndResumedGivesTheSameStore(SelectMode select, double decay)
    {
        using var folder = new TemporaryFolder();
        var options = Quantile(folder, decay) with { Select = select };
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"] }).Store.Sha256;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var source = new CancellationTokenSource();
            var (after, told) = (1 + (int)(SampleOrder.Hash(9, (ulong)attempt) % 50), 0);
            Assert.Throws<OperationCanceledException>(() => Personalizer.Run(options with
            {
                Cancel = source.Token,
                Progress = _ =>
                {
                    if (++told == after) source.Cancel();
                },
            }));
            Assert.Equal(expected, Personalizer.Run(options with { Resume = true }).Store.Sha256);
        }
    }

    static PersonalizeOptions Quantile(TemporaryFolder folder, double decay) => BaseDecayTests.Small(folder, decay) with { Select = SelectMode.Quantile };
}
