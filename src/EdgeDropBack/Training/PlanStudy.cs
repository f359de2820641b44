using EdgeDropBack.Devices;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// Plans one model, batch and budget on any number of devices. Which layers hold tracked weights is known only once training has chosen them,
/// and a step after the freeze goes back no further than the first of those: it is planned with tracked weights spread over all layers in proportion to
/// their sizes, and with all of them in the last layers.
/// </summary>
sealed class PlanStudy : IDisposable
{
    readonly PersonalizeOptions _options;
    readonly TrainingSession _session;
    readonly int _slots;
    readonly TrackedSet _tracked, _trackedInLastLayers;
    readonly TrafficComparison _algorithmic;
    readonly TrafficComparison? _unlimited;
    readonly StepTraffic _frozenInLastLayers;
    readonly Dictionary<string, (TrafficComparison Steps, StepTraffic FrozenInLastLayers)> _modelled = new(StringComparer.Ordinal);

    /// <param name="options">Its data is not looked at: samples take memory of their own.</param>
    /// <param name="base">What untracked weights are.</param>
    /// <exception cref="EdbException">The model cannot be trained, or an option does not fit it.</exception>
    public PlanStudy(PersonalizeOptions options, BaseOverride @base = BaseOverride.None)
    {
        _options = options;
        _session = TrainingSession.Open(options.Model, options.Session with { Threads = 1 });
        try
        {
            @base.Put(_session);
            @base.Fade(_session);
            _slots = new Optimizer(options.Session.Optimizer, options.Session.Momentum).Slots;
            var counts = AlgorithmicLens.Spread(_session.Graph, _session.Setup.IsTrainable, _session.BudgetCount);
            var lastCounts = AlgorithmicLens.SpreadOverLastLayers(_session.Graph, _session.Setup.IsTrainable, _session.BudgetCount);
            _tracked = ModelledLens.Spread(_session.Graph, counts, options.Session.Seed, _slots);
            _trackedInLastLayers = ModelledLens.Spread(_session.Graph, lastCounts, options.Session.Seed, _slots);
            if (MemoryPlan.Fit(_session, options, sampleBytes: 0, from: null, measured: false) is var least && least > options.MemoryLimit)
                throw MemoryPlan.Below(options.MemoryLimit.Value, least, options.Session.Batch);
            _algorithmic = AlgorithmicLens.Compare(_session.Graph, _session.LossInput, _session.Setup.IsTrainable, counts, _slots, plan: _session.Setup.Plan);
            _frozenInLastLayers = AlgorithmicLens.Predict(_session.Setup.Plan(p => lastCounts[p.Ordinal] > 0), lastCounts, TrafficMode.Frozen, _slots);
            RecomputedNodes = _session.Setup.Plan(_session.Setup.IsTrainable).Recomputed.Count();
            if (RecomputedNodes > 0)
                _unlimited = AlgorithmicLens.Compare(_session.Graph, _session.LossInput, _session.Setup.IsTrainable, counts, _slots);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public long Parameters => _session.Setup.TrainableCount;

    /// <summary>Nodes that a step before the freeze runs forward twice, to stay within --memory-limit.</summary>
    public int RecomputedNodes { get; }

    public int Budget => _session.BudgetCount;

    /// <summary>How the rows of a frozen prefix were estimated; null where nothing is frozen.</summary>
    public string? PrefixNote => PrefixTraffic.Note(_session);

    /// <summary>Where untracked weights come from.</summary>
    public string Base => TrafficHeader.BaseNames(_session.Graph);

    /// <param name="threads">0 for the device's performance cores.</param>
    /// <param name="modelled">Whether to replay the step through the device's cache, which takes seconds for large networks.</param>
    public DevicePlan On(DeviceProfile profile, int threads, bool modelled)
    {
        var limit = _options.MemoryLimit ?? (long?)profile.Dram?.MemoryBytes.Value;
        (TrafficComparison Steps, StepTraffic FrozenInLastLayers)? byCache = modelled && CacheRules.Of(profile) is { } rules ? Modelled(rules) : null;
        return new(profile, threads > 0 ? threads : Math.Max(1, profile.PerformanceCores), MemoryPlan.Of(_session, _options, sampleBytes: 0), limit,
            PrefixTraffic.With(_algorithmic, _session), byCache?.Steps)
        {
            Unlimited = _unlimited,
            FrozenInLastLayers = PrefixTraffic.With(_frozenInLastLayers, _session),
            ModelledFrozenInLastLayers = byCache?.FrozenInLastLayers,
        };
    }

    /// <summary>The largest halving of the batch whose plan fits, with its peak; at batch 1 with its peak where none does.</summary>
    public static (int Batch, long PeakBytes, bool Fits) WouldFit(PersonalizeOptions options, long limit)
    {
        for (var batch = options.Session.Batch / 2; ; batch /= 2)
        {
            batch = Math.Max(1, batch);
            using var session = TrainingSession.Open(options.Model, options.Session with { Threads = 1, Batch = batch });
            var peak = MemoryPlan.Of(session, options, sampleBytes: 0).Sum(item => item.Bytes);
            if (peak <= limit || batch == 1) return (batch, peak, peak <= limit);
        }
    }

    public void Dispose() => _session.Dispose();

    (TrafficComparison Steps, StepTraffic FrozenInLastLayers) Modelled(CacheRules rules)
    {
        if (_modelled.TryGetValue(rules.ToString(), out var known)) return known;
        var (setup, clips) = (_session.Setup, _options.Session.Clip > 0f);
        var steps = ModelledLens.Compare(_session.Graph, _session.LossInput, setup.IsTrainable, _tracked, rules, _algorithmic, _slots, clips, setup.Plan);
        var last = ModelledLens.Frozen(setup.IsTrainable, _trackedInLastLayers, rules, _frozenInLastLayers, _slots, clips, setup.Plan);
        return _modelled[rules.ToString()] = (steps, last);
    }
}
