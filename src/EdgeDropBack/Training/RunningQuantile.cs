namespace EdgeDropBack.Training;

/// <summary>
/// `--select quantile`: a bound that about k scores exceed, carried from step to step instead of a sort in every one (Yang et al., Procrustes,
/// MICRO 2020, after the DUMIQUE estimator). DUMIQUE moves the bound a little with every score that it sees; here it stays for a whole step and
/// moves once, by the share that the counts are off, so that neither order nor threads matter. It meets k on average only: when more scores
/// exceed it, the lowest of them are left out.
/// </summary>
/// <param name="k">Scores that should exceed the bound.</param>
sealed class RunningQuantile(int k)
{
    /// <summary>
    /// Share of the bound that it moves when twice as many scores as wanted exceed it. A bound that overshoots drops weights that were long
    /// tracked, one that lags only costs a sort: it is slow.
    /// </summary>
    const float Gain = 0.02f;

    /// <summary>The bound after a step.</summary>
    /// <param name="bound">Of the step; above 0.</param>
    /// <param name="exceeding">Scores at or above it, of untracked weights at most k: 0 to 2k.</param>
    public float Next(float bound, int exceeding) => bound * (1f + Gain * ((float)(exceeding - k) / k));
}
