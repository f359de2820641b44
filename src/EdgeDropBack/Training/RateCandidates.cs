namespace EdgeDropBack.Training;

/// <summary>The three learning rates that `--lr auto` tries. With clipping a rate bounds how far a step moves all weights together.</summary>
static class RateCandidates
{
    public static float[] For(SessionOptions options)
    {
        if (options.Optimizer == OptimizerKind.Adam) return [0.0003f, 0.001f, 0.003f];
        float[] rates = options.Mode == TrainingMode.Dense ? [0.05f, 0.1f, 0.2f] : [0.4f, 0.8f, 1.6f];
        var share = (1 - options.Momentum) * (options.Clip > 0f ? 1f : 0.1f);
        return [.. rates.Select(rate => rate * share)];
    }
}
