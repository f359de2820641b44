using EdgeDropBack.Store;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>--memory-limit is kept by computing activations again, which changes no bit, and by micro-batches, which are an option of the run.</summary>
public sealed class MemoryLimitTests
{
    [Theory]
    [InlineData("exact layer")]
    [InlineData("once")]
    [InlineData("dense")]
    [InlineData("bn train")]
    public void ComputingAgainGivesTheSameStoreInLessMemory(string variant)
    {
        using var folder = new TemporaryFolder();
        var log = new List<string>();
        var options = Variants.Apply(Fashion.Small(folder), variant) with { Log = log.Add };
        var free = Personalizer.Run(options with { Store = folder["free.edb"] });
        Assert.DoesNotContain(log, line => line.Contains("run forward twice"));
        var limit = free.Memory.PlannedPeakBytes - 100_000;
        var limited = Personalizer.Run(options with { Store = folder["limited.edb"], MemoryLimit = limit });
        Assert.True(limited.Memory.PlannedPeakBytes <= limit);
        Assert.Equal(free.Store.Sha256, limited.Store.Sha256);
        Assert.Contains(log, line => line.Contains("run forward twice") && line.Contains("more operations a step"));
    }

    [Fact]
    public void TheLeastThatARefusalNamesIsEnough()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var least = Least(options);
        Assert.True(Personalizer.Run(options with { MemoryLimit = least }).Memory.PlannedPeakBytes <= least);
        Assert.Equal(least, Least(options, least - 1));
    }

    [Theory]
    [InlineData("once")]
    [InlineData("last-layer")]
    public void WhereRecomputationIsNotEnoughFrozenStepsRunInMicroBatches(string variant)
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), variant);
        var least = Least(options);
        var limited = Personalizer.Run(options with { Store = folder["limited.edb"], MemoryLimit = least });
        Assert.True(limited.Memory.PlannedPeakBytes <= least);
        var micro = int.Parse(SparseStore.Open(folder["limited.edb"]).Meta.Note("microBatch")!);
        Assert.True(micro is >= 1 and < 8);
        var given = Personalizer.Run(options with { Store = folder["given.edb"], Session = options.Session with { MicroBatch = micro, Threads = 2 } });
        Assert.Equal(limited.Store.Sha256, given.Store.Sha256);
    }

    [Fact]
    public void MicroBatchesAddUpToTheGradientOfTheWholeBatch()
    {
        var (x, labels) = Fashion.Batch(10);
        var (whole, _) = Step(micro: 0);
        foreach (var micro in (int[])[1, 3, 5, 10])
        {
            var (parts, loss) = Step(micro);
            Assert.Equal(whole.Length, parts.Length);
            for (var i = 0; i < whole.Length; i++) Assert.True(MathF.Abs(whole[i] - parts[i]) <= 1e-5f * (1 + MathF.Abs(whole[i])), $"{whole[i]} {parts[i]}");
            Assert.True(double.IsFinite(loss));
        }

        (float[] Values, double Loss) Step(int micro)
        {
            using var session = TrainingSession.Open(Fashion.Model, new SessionOptions { Batch = 10, MicroBatch = micro, Threads = 1, Mode = TrainingMode.LastLayer });
            var loss = session.Step(x, labels, 0.5f);
            return ([.. session.Trainer.Tracked!.Values], loss);
        }
    }

    [Fact]
    public void ASelectStepInMicroBatchesIsRefused()
    {
        var (x, labels) = Fashion.Batch(8);
        using var session = TrainingSession.Open(Fashion.Model, new SessionOptions { Batch = 8, MicroBatch = 4, Threads = 1 });
        var refusal = Assert.Throws<EdbException>(() => session.Step(x, labels, 0.1f));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains("freeze", refusal.Message);
    }

    [Fact]
    public void RecomputedAndMicroBatchedStepsCountAsPredicted()
    {
        foreach (var micro in (int[])[0, 3])
        {
            using var session = TrainingSession.Open(Fashion.Model, new SessionOptions { Batch = 8, MicroBatch = micro, Threads = 1, Clip = 0f });
            session.FitArena(0, from: null);
            var tracked = session.NewTracked(session.BudgetCount, 0, updatable: true);
            tracked.BeginUpdate();
            foreach (var parameter in session.Setup.Trainable)
                for (var i = 0; i < Math.Min(5, parameter.Count); i++) tracked.Append(parameter.Ordinal, i, parameter.Source()[i]);
            tracked.Commit();
            var counter = new TrafficCounter(session.Graph, tracked);
            var trainer = new Trainer<CountingMeter>(session.Setup, new Optimizer(OptimizerKind.Sgd, 0f), tracked, new CountingMeter(counter));
            trainer.Freeze();
            Assert.NotEmpty(trainer.Plan.Recomputed);
            var batch = new Batch(8, session.Outputs);
            Array.Fill(batch.Weights, 1f);
            trainer.Step(batch, 0.1f, 0, (input, _) => input.Fill(0.5f));
            var counts = tracked.Tensors.Select(t => t.Count).ToArray();
            var predicted = AlgorithmicLens.Predict(trainer.Plan, counts, TrafficMode.Frozen, passes: session.Passes);
            var counted = counter.Counted(TrafficMode.Frozen)!;
            Assert.Equal(predicted.Operations, counted.Operations);
            Assert.Equal(predicted.Rows, counted.Rows);
        }
    }

    static long Least(PersonalizeOptions options, long limit = 1 << 20)
    {
        var refusal = Assert.Throws<EdbException>(() => Personalizer.Run(options with { MemoryLimit = limit }));
        Assert.Equal(2, refusal.ExitCode);
        return long.Parse(refusal.Message.Split("--memory-limit ")[^1].Split(',')[0]);
    }
}
