using System.Globalization;
using EdgeDropBack.Devices;

namespace EdgeDropBack.Training;

/// <summary>Says how a plan was made to stay within --memory-limit, and what time that costs.</summary>
static class MemoryCost
{
    public static void Log(PersonalizeJob job)
    {
        var (options, session) = (job.Options, job.Session);
        var plan = session.Setup.Plan(session.Setup.IsTrainable);
        var means = new List<string>();
        if (session.Passes > 1) means.Add($"a step runs in {session.Passes} micro-batches of {session.Graph.Batch} samples");
        if (plan.Recomputed.Any()) means.Add($"{plan.Recomputed.Count()} of {plan.Forward.Count} nodes run forward twice");
        if (means.Count == 0) return;
        options.Log?.Invoke($"to hold what was asked of memory {string.Join(" and ", means)}: {Time(job)}");
    }

    /// <summary>By the algorithmic lens, on the profile's device.</summary>
    static string Time(PersonalizeJob job)
    {
        var profile = DeviceProfile.Load(job.Options.Profile);
        var (with, without) = (Of(limited: true), Of(limited: false));
        var share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * (with.Operations - without.Operations) / without.Operations:0.0}% more operations a step");
        return Seconds(with) is { } long_ && Seconds(without) is { } short_
            ? string.Create(CultureInfo.InvariantCulture, $"{share}, at least {1000 * long_:0.00} ms instead of {1000 * short_:0.00} ms on {profile.Name}")
            : share;

        Traffic.StepTraffic Of(bool limited)
        {
            var comparison = PersonalizeFigures.Compare(job.Session, limited);
            return job.Options.StartsFrozen ? comparison.Frozen : comparison.Select;
        }

        double? Seconds(Traffic.StepTraffic step) => step.On(profile, profile.PerformanceCores).Cost?.RooflineSeconds;
    }
}
