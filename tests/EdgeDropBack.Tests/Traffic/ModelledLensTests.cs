using System.Globalization;
using EdgeDropBack.Devices;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Traffic;

public sealed class ModelledLensTests
{
    static readonly CacheRules s_pi4 = CacheRules.Of(DeviceProfile.Load("raspberry-pi-4b"))!;

    /// <summary>Set EDGEDROPBACK_WRITE_GOLDEN=1 to write the files anew after kernels or rules changed, and read the difference.</summary>
    [Theory]
    [MemberData(nameof(Network.Names), MemberType = typeof(Network))]
    public void PredictionsAreTheGoldenIntegers(string network)
    {
        using var file = new Network(network);
        using var sample = new TrafficSamples(batch: 8, file.Path);
        var report = new StringWriter { NewLine = "\n" };
        report.WriteLine("mode,phase,layer,operand,fill_lines,write_back_lines");
        foreach (var mode in new[] { TrafficMode.Dense, TrafficMode.Select, TrafficMode.Frozen })
            foreach (var row in Predict(sample, mode).Rows)
                report.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{mode},{row.Phase},{row.Layer},{row.Operand},{row.Read.Lines},{row.Write.Lines}"));
        var golden = Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Traffic", "golden", $"modelled-{network}-batch8.csv");
        if (Environment.GetEnvironmentVariable("EDGEDROPBACK_WRITE_GOLDEN") == "1") File.WriteAllText(golden, report.ToString());
        Assert.Equal(File.ReadAllLines(golden), report.ToString().TrimEnd('\n').Split('\n'));
    }

    /// <summary>A trainer that really runs drives the same descriptions, event by event.</summary>
    [Theory]
    [MemberData(nameof(Network.Names), MemberType = typeof(Network))]
    public void FrozenStepsCountAsPredicted(string network)
    {
        using var file = new Network(network);
        using var sample = new TrafficSamples(batch: 8, file.Path);
        AssertCounted(sample, TrafficMode.Frozen, ModelledLens.Spread(sample.Graph, sample.Tracked, 1));
    }

    [Theory]
    [MemberData(nameof(Network.Names), MemberType = typeof(Network))]
    public void DenseStepsCountAsPredicted(string network)
    {
        using var file = new Network(network);
        using var sample = new TrafficSamples(batch: 8, file.Path);
        AssertCounted(sample, TrafficMode.Dense, null);
    }

    [Fact]
    public void TheReplayChangesNoWeight()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var (metered, plain) = (sample.NewSet(), sample.NewSet());
        var trainer = sample.NewTrainer(metered, new ReplayMeter(Counter(sample, sample.Plan, metered, TrafficMode.Frozen)));
        trainer.Freeze();
        var without = sample.NewTrainer(plain, default(NoMeter));
        without.Freeze();
        sample.Run(trainer, 2);
        sample.Run(without, 2);
        Assert.True(metered.Values.SequenceEqual(plain.Values));
    }

    [Fact]
    public void WhatFitsIntoTheCacheIsNeverFilledAgain()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var large = s_pi4 with { Last = s_pi4.Last with { Bytes = 64 << 20 } };
        foreach (var mode in new[] { TrafficMode.Dense, TrafficMode.Select, TrafficMode.Frozen })
            Assert.Equal((0, 0), Lines(Predict(sample, mode, large)));

        static (long, long) Lines(StepTraffic step) => (step.Totals.Read.Lines, step.Totals.Write.Lines);
    }

    [Fact]
    public void FrozenStepsMoveLessThanDenseOnesAndWriteNoBaseWeight()
    {
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch);
        var (dense, frozen) = (Predict(sample, TrafficMode.Dense), Predict(sample, TrafficMode.Frozen));
        Assert.True(frozen.Totals.WeightBytes < dense.Totals.WeightBytes);
        Assert.All(frozen.Rows.Where(row => row.Operand == TrafficOperand.BaseWeights), row => Assert.Equal(default, row.Write));
    }

    /// <summary>Once the base is zero, products walk the tracked weights alone and pack nothing.</summary>
    [Theory]
    [InlineData("lenet-300-100")]
    [InlineData("fashion")]
    public void ADecayedBaseIsNotPacked(string network)
    {
        using var file = new Network(network);
        using var sample = new TrafficSamples(TrafficSamples.SmallBatch, file.Path);
        var small = s_pi4 with { Last = s_pi4.Last with { Bytes = 64 << 10 } };
        foreach (var parameter in sample.Graph.Parameters) parameter.Base = new RegeneratedParameterBase(new(1, 0, 0.1f, Distribution.Normal));
        var regenerated = Predict(sample, TrafficMode.Frozen, small);
        foreach (var parameter in sample.Graph.Parameters) parameter.Base = new ZeroParameterBase();
        var zero = Predict(sample, TrafficMode.Frozen, small);
        Assert.True(zero.Totals.BufferBytes < regenerated.Totals.BufferBytes, $"{zero.Totals.BufferBytes} against {regenerated.Totals.BufferBytes}");
    }

    [Fact]
    public void AnAccountingWithoutCachesIsNotModelled() => Assert.Null(CacheRules.Of(DeviceProfile.Load("thesis-45nm")));

    static StepTraffic Predict(TrafficSamples sample, TrafficMode mode, CacheRules? rules = null)
    {
        var set = mode == TrafficMode.Dense ? null : ModelledLens.Spread(sample.Graph, sample.Tracked, 1);
        return ModelledLens.Predict(sample.Plan, set, mode, rules ?? s_pi4, new ReplayOptions { Candidates = 100, Entered = 20 });
    }

    static void AssertCounted(TrafficSamples sample, TrafficMode mode, TrackedSet? set)
    {
        var plan = Planner.ForTraining(sample.Graph, sample.LossValue, parameter => set is null || set[parameter.Ordinal].Count > 0);
        var counter = Counter(sample, plan, set, mode);
        var trainer = sample.NewTrainer(set, new ReplayMeter(counter));
        trainer.Freeze();
        sample.Run(trainer, 1);
        counter.Clear();
        sample.Run(trainer, 1);
        var predicted = ModelledLens.Predict(trainer.Plan, set, mode, s_pi4, new ReplayOptions());
        Assert.True(predicted.Totals.Read.Lines > 0);
        Assert.Equal(predicted.Rows, counter.Counted.Rows);
    }

    static ReplayCounter Counter(TrafficSamples sample, TrainingPlan plan, TrackedSet? set, TrafficMode mode)
    {
        var stream = new CacheStream(s_pi4, new LayerMap(sample.Graph));
        return new ReplayCounter(ModelledLens.Replay(plan, set, mode, stream, new ReplayOptions()), stream, mode);
    }
}
