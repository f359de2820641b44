using System.Diagnostics;

namespace EdgeDropBack.Training;

/// <summary>How many steps a deadline leaves room for.</summary>
static class DeadlineSteps
{
    const int Probes = 4;

    /// <summary>Share of the time left that is planned with; the rest is for a board that slows down and for writing the result.</summary>
    const double PlannedShare = 0.9;

    /// <param name="stepSeconds">Time of one step, pauses included.</param>
    /// <param name="secondsLeft">Time for all steps.</param>
    /// <param name="planned">Steps asked for.</param>
    /// <param name="trials">Rates that are tried before.</param>
    /// <param name="trialSteps">Steps of one trial for so many steps of the training.</param>
    /// <returns>At least 1, at most <paramref name="planned"/>.</returns>
    public static int Fitting(double stepSeconds, double secondsLeft, int planned, int trials, Func<int, int> trialSteps)
    {
        var (least, most) = (1, planned);
        while (least < most)
        {
            var steps = least + (most - least + 1) / 2;
            var seconds = ((double)steps + (double)trials * trialSteps(steps)) * stepSeconds;
            if (seconds <= secondsLeft * PlannedShare) least = steps;
            else most = steps - 1;
        }
        return least;
    }

    /// <summary>Median seconds of a few steps from the present state, which the caller restores. The first one, which touches memory for the
    /// first time, is left out.</summary>
    public static double Probe(TrainingSession session, RunPlan plan, float rate)
    {
        var seconds = new List<double>();
        var last = Stopwatch.GetTimestamp();
        new TrainingRun(session, plan with { Steps = Math.Min(plan.Steps, Probes), Progress = null }, rate).Train("timing", () =>
        {
            plan.Cancel.ThrowIfCancellationRequested();
            seconds.Add(Stopwatch.GetElapsedTime(last).TotalSeconds);
            last = Stopwatch.GetTimestamp();
            return true;
        });
        if (seconds.Count > 1) seconds.RemoveAt(0);
        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
