using EdgeDropBack.Data;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>What a session's model puts out.</summary>
static class Logits
{
    /// <param name="x">[n, ...], any number of samples.</param>
    public static float[] Of(TrainingSession session, float[] x)
    {
        var shape = session.Graph.Inputs[0].Shape.Dims.Skip(1).ToArray();
        var length = session.Graph.Inputs[0].Shape.Count / session.Graph.Batch;
        var count = x.Length / length;
        var logits = new float[count * session.Outputs];
        Evaluator.ForEachBatch(session, new Samples(x, length) { Name = "x", Count = count, SampleShape = shape, SampleLength = length }, session.Trainer.Values,
            (first, n, outputs) => outputs[..(n * session.Outputs)].CopyTo(logits.AsSpan(first * session.Outputs)));
        return logits;
    }

    public static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1f, MathF.Abs(expected[i])), $"[{i}]: {actual[i]}, expected {expected[i]}");
    }

    sealed class Samples(float[] x, int length) : Dataset
    {
        public override long ResidentBytes => 4L * x.Length;

        public override void CopySample(int index, Span<float> destination) => x.AsSpan(index * length, length).CopyTo(destination);
    }
}
