using System.Runtime.InteropServices;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Traffic;

public sealed class CountingMeterTests
{
    [Fact]
    public void DenseStepsCountAsPredicted()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var counter = new TrafficCounter(sample.Graph, null);
        sample.Run(sample.NewTrainer(null, new CountingMeter(counter), momentum: 0.9f), 2);
        var predicted = AlgorithmicLens.Predict(sample.Plan, sample.Tracked, TrafficMode.Dense, optimizerFloats: 1);
        AssertCounted(predicted, counter, 2);
        Assert.Null(counter.Counted(TrafficMode.Select));
    }

    [Fact]
    public void FrozenStepsCountAsPredicted()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var set = sample.NewSet();
        var counter = new TrafficCounter(sample.Graph, set);
        var trainer = sample.NewTrainer(set, new CountingMeter(counter));
        trainer.Freeze();
        sample.Run(trainer, 3);
        AssertCounted(sample.Compare().Frozen, counter, 3);
    }

    /// <summary>The steps whose integers are in the golden files.</summary>
    [Theory]
    [MemberData(nameof(Network.Names), MemberType = typeof(Network))]
    public void NetworksCountAsPredicted(string network)
    {
        using var file = new Network(network);
        using var sample = new TrafficSamples(model: file.Path);
        var dense = new TrafficCounter(sample.Graph, null);
        sample.Run(sample.NewTrainer(null, new CountingMeter(dense)), 1);
        AssertCounted(sample.Compare().Dense, dense, 1);

        var set = sample.NewSet();
        var frozen = new TrafficCounter(sample.Graph, set);
        var trainer = sample.NewTrainer(set, new CountingMeter(frozen));
        trainer.Freeze();
        sample.Run(trainer, 1);
        AssertCounted(sample.Compare().Frozen, frozen, 1);
    }

    [Fact]
    public void FrozenStepsOfOneTrackedLayerStopBelowIt()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        Array.Clear(sample.Tracked);
        sample.Tracked[^1] = 5;
        var set = sample.NewSet();
        var counter = new TrafficCounter(sample.Graph, set);
        var trainer = sample.NewTrainer(set, new CountingMeter(counter));
        trainer.Freeze();
        sample.Run(trainer, 1);
        var frozen = sample.Compare().Frozen;
        AssertCounted(frozen, counter, 1);
        Assert.Equal(["loss"], frozen.Rows.Where(r => r.Phase == TrafficPhase.BackwardData).Select(r => r.Layer));
    }

    /// <summary>The data decide which weights stand where after a select step and how many entered, and nothing else.</summary>
    [Fact]
    public void SelectStepsCountAsPredictedFromWhatSelectionChose()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var set = sample.NewSet();
        var counter = new TrafficCounter(sample.Graph, set);
        var trainer = sample.NewTrainer(set, new CountingMeter(counter));
        sample.Run(trainer, 1);
        var counted = counter.Counted(TrafficMode.Select)!;
        var predicted = AlgorithmicLens.Predict(sample.Plan, sample.Tracked, TrafficMode.Select, entered: trainer.Entered);

        Assert.True(trainer.Entered > 0);
        Assert.Equal(Without(predicted, TrafficPhase.Select), Without(counted, TrafficPhase.Select));
        Assert.Equal(Reads(predicted), Reads(counted));
        var values = counted.Rows.Where(r => r is { Phase: TrafficPhase.Select, Operand: TrafficOperand.TrackedValues });
        Assert.Equal(set.Count, values.Sum(r => r.Write.Elements));

        static TrafficRow[] Without(StepTraffic step, TrafficPhase phase) => [.. step.Rows.Where(r => r.Phase != phase)];
        static Access Reads(StepTraffic step)
            => step.Rows.Where(r => r.Phase == TrafficPhase.Select).Aggregate(default(Access), (sum, row) => sum + row.Read);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightsAreTheSameBitsWithAndWithoutTheMeter(bool frozen)
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var (metered, plain) = (sample.NewSet(), sample.NewSet());
        var withMeter = sample.NewTrainer(metered, new CountingMeter(new TrafficCounter(sample.Graph, metered)));
        var without = sample.NewTrainer(plain, default(NoMeter));
        if (frozen)
        {
            withMeter.Freeze();
            without.Freeze();
        }
        sample.Run(withMeter, 3);
        sample.Run(without, 3);
        Assert.True(metered.Indices.SequenceEqual(plain.Indices));
        Assert.True(MemoryMarshal.AsBytes(metered.Values).SequenceEqual(MemoryMarshal.AsBytes(plain.Values)));
    }

    [Fact]
    public void CountingAllocatesNothingInAStep()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var counter = new TrafficCounter(sample.Graph, sample.NewSet());
        Replay();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Replay();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Replay()
        {
            var meter = new CountingMeter(counter);
            for (var i = 0; i < sample.Plan.Forward.Count; i++) meter.Forward(sample.Plan.Forward[i]);
            meter.Loss(sample.Plan);
            for (var i = 0; i < sample.Plan.Backward.Count; i++) meter.Backward(sample.Plan.Backward[i], sampled: false);
            meter.Select(10, 10, 3);
            meter.EndStep();
        }
    }

    [Fact]
    public void CheckpointsReadWhatTheStoreHolds()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var step = AlgorithmicLens.Predict(sample.Plan, sample.Tracked, TrafficMode.Select, optimizerFloats: 1, checkpoint: true);
        var rows = step.Rows.Where(r => r.Phase == TrafficPhase.Checkpoint).ToArray();
        Assert.Equal(4L * sample.Budget, rows.Where(r => r.Operand == TrafficOperand.TrackedValues).Sum(r => r.Bytes));
        Assert.Equal(4L * sample.Budget, rows.Where(r => r.Operand == TrafficOperand.OptimizerState).Sum(r => r.Bytes));
        Assert.All(rows, row => Assert.Equal(default, row.Write));
    }

    static void AssertCounted(StepTraffic predicted, TrafficCounter counter, int steps)
    {
        var counted = counter.Counted(predicted.Mode)!;
        Assert.Equal(steps, counted.Steps);
        Assert.Equal(steps * predicted.Operations, counted.Operations);
        Assert.Equal(predicted.Rows.Select(row => Times(row, steps)), counted.Rows);
    }

    static TrafficRow Times(TrafficRow row, int n) => row with
    {
        Read = new Access(n * row.Read.Elements, n * row.Read.Bytes, n * row.Read.Lines),
        Write = new Access(n * row.Write.Elements, n * row.Write.Bytes, n * row.Write.Lines),
        Regenerated = new Regeneration(n * row.Regenerated.Elements, n * row.Regenerated.AvoidedBytes),
    };
}
