using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Selecting without a dense gradient chooses what the authors' rule chooses with one, bit for bit.</summary>
public sealed class TopKSelectorTests
{
    const int Inputs = 7, Hidden = 6, Classes = 3, BatchSize = 5, Steps = 40;
    const int All = Inputs * Hidden + Hidden + Hidden * Classes + Classes;

    public static TheoryData<int, float, float, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, float, float, bool>();
            foreach (var k in (int[])[1, 2, 7, 20, All / 2, All - 1, All])
                foreach (var clip in (float[])[0f, 0.3f])
                    foreach (var momentum in (float[])[0f, 0.9f])
                        foreach (var scaled in (bool[])[false, true])
                            cases.Add(k, clip, momentum, scaled);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrackedSetAndValuesAreThoseOfTheDenseRule(int k, float clip, float momentum, bool scaled)
    {
        var runs = Compare(new() { Budget = new(k, false), Clip = clip, Momentum = momentum }, scaled, step => (step % 10) switch
        {
            0 => 0.5f,
            < 5 => 0.3f,
            7 => 1e-4f,
            _ => 0.05f,
        });
        Assert.True(runs >= Steps);
    }

    [Fact]
    public void AThresholdThatTurnsOutTooHighIsTakenBack()
    {
        var runs = Compare(new() { Budget = new(20, false), Clip = 0f }, scaled: false, step => step % 2 == 0 ? 1f : 0.4f);
        Assert.True(runs > Steps, $"{runs} passes for {Steps} steps");
    }

    [Fact]
    public void AdamKeepsItsMomentsForTrackedWeightsOnly()
        => Compare(new() { Budget = new(12, false), Optimizer = OptimizerKind.Adam }, scaled: true, _ => 0.01f);

    [Fact]
    public void WeightDecayPullsTrackedWeightsTowardsTheirBase()
        => Compare(new() { Budget = new(12, false), WeightDecay = 0.5f, Momentum = 0.9f }, scaled: false, _ => 0.1f);

    /// <returns>Forward and backward passes of the selecting trainer.</returns>
    static int Compare(SessionOptions options, bool scaled, Func<int, float> rate)
    {
        using var folder = new TemporaryFolder();
        Model().Write(folder["tiny.onnx"]);
        using var session = TrainingSession.Open(folder["tiny.onnx"], options with { Batch = BatchSize, Threads = 3 });
        var scales = Enumerable.Range(0, session.Graph.Parameters.Count).Select(i => scaled ? 0.25f + i * 1.37f : 1f).ToArray();
        scales.CopyTo(session.Setup.Scales, 0);
        var trainer = session.Start(null);
        using var model = OnnxModel.Open(folder["tiny.onnx"]);
        using var naive = new NaiveDropBack(model, BatchSize, scales);
        var optimizer = new Optimizer(options.Optimizer, options.Momentum) { WeightDecay = options.WeightDecay };
        Assert.Equal(All, session.Setup.TrainableCount);

        var passes = 0;
        for (var step = 0; step < Steps; step++)
        {
            var (x, batch) = Samples(step);
            trainer.Step(batch, rate(step), step, (input, _) =>
            {
                passes++;
                x.CopyTo(input);
            });
            naive.Step(x, batch, optimizer, rate(step), options.Clip, step, session.BudgetCount);
            AssertSame(step, trainer.Tracked!, naive);
        }
        return passes;
    }

    static void AssertSame(int step, EdgeDropBack.Store.TrackedSet tracked, NaiveDropBack naive)
    {
        var ours = tracked.Tensors.SelectMany(t => Enumerable.Range(0, t.Count).Select(e => (t.Ordinal, (int)t.IndexAt(e)))).ToArray();
        Assert.True(ours.SequenceEqual(naive.Tracked), $"step {step}: tracked {string.Join(' ', ours)}, expected {string.Join(' ', naive.Tracked)}");
        foreach (var tensor in tracked.Tensors)
        {
            for (var entry = 0; entry < tensor.Count; entry++)
            {
                var index = (int)tensor.IndexAt(entry);
                AssertBits(naive[tensor.Ordinal, index], tensor.Values[entry], step);
                var (first, second) = naive.State(tensor.Ordinal, index);
                if (tracked.OptimizerSlots > 0) AssertBits(first, tensor.OptimizerState(0)[entry], step);
                if (tracked.OptimizerSlots > 1) AssertBits(second, tensor.OptimizerState(1)[entry], step);
            }
        }
    }

    static void AssertBits(float expected, float actual, int step)
        => Assert.True(BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual), $"step {step}: {actual:R}, expected {expected:R}");

    /// <summary>Two inputs are always equal, so that their weights tie; one is always zero, and one hidden unit never active, so theirs have no gradient.</summary>
    static (float[] X, Batch Batch) Samples(int step)
    {
        var x = new float[BatchSize * Inputs];
        var batch = new Batch(BatchSize, Classes);
        for (var s = 0; s < BatchSize; s++)
        {
            for (var i = 0; i < Inputs; i++) x[s * Inputs + i] = Uniform(1, step % 8 * 1000 + s * Inputs + i) * 2 - 1;
            x[s * Inputs + 5] = x[s * Inputs + 4];
            x[s * Inputs + 6] = 0f;
            batch.Weights[s] = 1f;
            batch.Targets[s * Classes + (int)(SampleOrder.Hash(2, (ulong)(step / 6 * 1000 + s)) % Classes)] = 1f;
        }
        return (x, batch);
    }

    static OnnxBuilder Model()
    {
        float[] Values(ulong seed, int count) => [.. Enumerable.Range(0, count).Select(i => Uniform(seed, i) * 1.6f - 0.8f)];
        var first = Values(3, Inputs * Hidden);
        for (var h = 0; h < Hidden; h++) first[5 * Hidden + h] = first[4 * Hidden + h];
        float[] bias = [0.1f, -0.1f, 0f, 0.2f, 0.05f, -100f];
        var b = new OnnxBuilder("tiny");
        b.Input("x", OnnxDataType.Float, "N", Inputs).Output("y", OnnxDataType.Float, "N", Classes);
        b.Initializer("w1", first, Inputs, Hidden).Initializer("b1", bias, Hidden);
        b.Initializer("w2", Values(4, Hidden * Classes), Hidden, Classes).Initializer("b2", Values(5, Classes), Classes);
        b.Node("Gemm", ["x", "w1", "b1"], ["h"]);
        b.Node("Relu", ["h"], ["a"]);
        b.Node("Gemm", ["a", "w2", "b2"], ["y"]);
        return b;
    }

    static float Uniform(ulong seed, int index) => (SampleOrder.Hash(seed, (ulong)index) >> 40) / (float)(1 << 24);
}
