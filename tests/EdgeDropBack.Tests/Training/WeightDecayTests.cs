using EdgeDropBack.Tests.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Weight decay towards the base, after the freeze and in the dense baseline; selecting steps stand beside the plain rule elsewhere.</summary>
public sealed class WeightDecayTests
{
    const float Rate = 0.1f, Decay = 0.5f;

    [Theory]
    [InlineData(TrainingMode.DropBack, 0f)]
    [InlineData(TrainingMode.DropBack, 0.9f)]
    [InlineData(TrainingMode.Dense, 0f)]
    [InlineData(TrainingMode.Dense, 0.9f)]
    public void AStepPullsByRateTimesDecayTimesTheDistance(TrainingMode mode, float momentum)
    {
        using var folder = new TemporaryFolder();
        var model = ArchitectureTests.Write(folder, "mnist-100-100", new(3));
        float[] before = After(model, mode, momentum, 0f, steps: 1), plain = After(model, mode, momentum, 0f, steps: 2), pulled = After(model, mode, momentum, Decay, steps: 2);
        float[] start = After(model, mode, momentum, 0f, steps: 0);
        var moved = 0;
        for (var i = 0; i < before.Length; i++)
        {
            Assert.Equal(plain[i] - Rate * Decay * (before[i] - start[i]), pulled[i], 1e-6f);
            if (before[i] != start[i]) moved++;
        }
        Assert.True(moved >= 1000, $"{moved} weights moved");
    }

    /// <summary>All weights after some steps. In the first step every weight is at its base, so that it is the same with any decay.</summary>
    static float[] After(string model, TrainingMode mode, float momentum, float decay, int steps)
    {
        using var session = TrainingSession.Open(model, new() { Batch = 20, Mode = mode, Budget = new(1000, false), Momentum = momentum, WeightDecay = decay, Clip = 0, Threads = 1 });
        for (var step = 0; step < steps; step++)
        {
            if (step == 1 && mode == TrainingMode.DropBack) session.Freeze();
            var (x, labels) = Fashion.Batch(20, 20 * step);
            session.Step(x, labels, Rate);
        }
        return [.. session.Graph.Parameters.SelectMany(p =>
        {
            var values = new float[p.Count];
            session.Trainer.Values.Source(p).CopyTo(0, values);
            return values;
        })];
    }
}
