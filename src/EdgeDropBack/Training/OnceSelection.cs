using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>`--select once`: the k weights with the largest scaled gradient over all the data at the base, tracked from the first step.</summary>
static class OnceSelection
{
    public static void Choose(TrainingSession session, TrainingData data, TrackedSet tracked, CancellationToken cancel)
    {
        var k = tracked.Capacity;
        var collector = new CandidateCollector(k);
        collector.Reset(0f);
        var scales = session.Setup.Scales;
        new GradientSurvey(session, data, [.. Enumerable.Range(0, data.Count)]).Visit(
            (parameter, start, gradients) => collector.Scan(gradients, CandidateCollector.Key(parameter.Ordinal, start), scales[parameter.Ordinal]),
            session.Trainer.Values, cancel);
        var keys = collector.Keys.ToArray();
        if (keys.Length > k)
        {
            var cutoff = RadixSelect.Find(collector.Magnitudes, collector.Magnitudes, collector.Keys, k);
            var magnitudes = collector.Magnitudes.ToArray();
            keys = [.. keys.Where((key, i) => cutoff.Keeps(magnitudes[i], magnitudes[i], key))];
        }
        Array.Sort(keys);
        tracked.BeginUpdate();
        foreach (var key in keys)
        {
            var (ordinal, index) = CandidateCollector.Split(key);
            tracked.Append(ordinal, index, session.Graph.Parameters[ordinal].Source()[index]);
        }
        tracked.Commit();
    }
}
