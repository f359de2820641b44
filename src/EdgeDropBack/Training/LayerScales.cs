using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>
/// The layer score: a tensor's scores are divided by the RMS of its gradient at the base, so that no tensor is preferred for the size of
/// its gradients alone. Measured on up to <see cref="MaxSamples"/> samples, half of them replayed where there are any.
/// </summary>
static class LayerScales
{
    const int MaxSamples = 256;

    /// <summary>Sets <see cref="TrainingSetup.Scales"/>.</summary>
    public static void Measure(TrainingSession session, TrainingData data, CancellationToken cancel)
    {
        var setup = session.Setup;
        var sums = new double[setup.Graph.Parameters.Count];
        new GradientSurvey(session, data, Samples(data)).Visit(
            (parameter, _, gradients) => sums[parameter.Ordinal] += Reduction.SumOfSquares(gradients), session.Trainer.Values, cancel);
        var largest = 0.0;
        foreach (var parameter in setup.Trainable)
            largest = Math.Max(largest, sums[parameter.Ordinal] = Math.Sqrt(sums[parameter.Ordinal] / Math.Max(1, parameter.Count)));
        foreach (var parameter in setup.Trainable)
        {
            var rms = sums[parameter.Ordinal] > 0 ? sums[parameter.Ordinal] : largest;
            setup.Scales[parameter.Ordinal] = rms > 0 && double.IsFinite(rms) ? (float)(1 / rms) : 1f;
        }
    }

    static int[] Samples(TrainingData data)
    {
        var replayed = Math.Min(MaxSamples / 2, data.Count - data.UserCount);
        var user = Math.Min(MaxSamples - replayed, data.UserCount);
        return [.. Spread(0, data.UserCount, user), .. Spread(data.UserCount, data.Count - data.UserCount, replayed)];
    }

    /// <summary>Evenly spread, since data often lies sorted by class.</summary>
    static IEnumerable<int> Spread(int first, int count, int wanted)
        => Enumerable.Range(0, wanted).Select(i => first + (int)((long)i * count / wanted));
}
