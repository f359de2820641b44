using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>
/// DropBack's rule (Golub 2018; Golub, Lemieux and Lis 2019) without a dense gradient: after the SGD step keep the k weights that are
/// farthest from their base, and put every other one back to it.
/// <list type="bullet">
/// <item>an untracked weight stands at its base, so its score is rate x |gradient|: its base is not read;</item>
/// <item>a tracked weight's score is |w' - p0|, w' being its value after the step;</item>
/// <item>both are multiplied by the tensor's scale, and pass one strict order: score, then tracked before untracked and larger
/// gradient first, then (parameter, index);</item>
/// <item>zero and NaN never enter, so at most k are tracked;</item>
/// <item>the collectors' threshold starts at <see cref="WarmShare"/> of the last step's k-th score. When that turns out too high the
/// step is run again from zero, so that the result never depends on it;</item>
/// <item>with a <see cref="RunningQuantile"/> weights whose score is below it are not looked at, and the step is never run again;</item>
/// <item>nothing is changed before the outcome is certain.</item>
/// </list>
/// </summary>
sealed class TopKSelector
{
    const float WarmShare = 0.9f;
    const int GatheredBases = 256;

    readonly Workers _workers;
    readonly ScoreJob _scoreJob;
    readonly int[] _pooled;
    readonly IReadOnlyList<Parameter> _parameters;
    readonly TrackedSet _tracked;
    readonly SelectionGradients _gradients;
    readonly float[] _scales;
    readonly float[] _scores, _tieBreaks, _values, _trackedScores;
    readonly float[] _first, _second;
    readonly ulong[] _keys, _entrantKeys;
    readonly float[] _entrantGradients;
    float _admitted, _floor;

    /// <param name="parameters">All parameters of the graph, by ordinal.</param>
    /// <param name="scales">By parameter ordinal.</param>
    public TopKSelector(Workers workers, IReadOnlyList<Parameter> parameters, TrackedSet tracked, SelectionGradients gradients, float[] scales)
    {
        (_workers, _scoreJob, _pooled) = (workers, new ScoreJob(this), new int[workers.Count]);
        (_parameters, _tracked, _gradients, _scales) = (parameters, tracked, gradients, scales);
        var pool = tracked.Capacity;
        foreach (var collector in gradients.Collectors) pool += (int)(CandidateCollector.Bytes(tracked.Capacity) / 16);
        (_scores, _tieBreaks, _keys) = (new float[pool], new float[pool], new ulong[pool]);
        (_values, _trackedScores) = (new float[tracked.Capacity], new float[tracked.Capacity]);
        _first = new float[tracked.OptimizerSlots > 0 ? tracked.Capacity : 0];
        _second = new float[tracked.OptimizerSlots > 1 ? tracked.Capacity : 0];
        (_entrantKeys, _entrantGradients) = (new ulong[tracked.Capacity], new float[tracked.Capacity]);
    }

    /// <summary>
    /// The k-th score of the last committed step: where the next one may start; with a quantile, the bound. 0 until k were tracked, and with a
    /// quantile the first step is exact.
    /// </summary>
    public float Threshold { get; set; }

    /// <summary>Untracked weights that passed the threshold of the last committed step.</summary>
    public int Candidates { get; private set; }

    /// <summary>Select by it; null selects the k highest scores.</summary>
    public RunningQuantile? Quantile { get; init; }

    /// <summary>Weights that became tracked in the last committed step.</summary>
    public int Entered { get; private set; }

    /// <summary>Bytes that selecting k of the graph's weights holds beside the tracked set.</summary>
    public static long Bytes(int k, int workers, int slots)
        => workers * CandidateCollector.Bytes(k) + (k + workers * CandidateCollector.Bytes(k) / 16) * 16 + k * (8L + 4 * slots + 16);

    /// <summary>Prepares the collectors for one backward pass.</summary>
    /// <param name="rate">The step's learning rate before clipping.</param>
    /// <param name="fromZero">Admit everything: the step is run again.</param>
    public void Begin(float rate, bool fromZero)
    {
        _floor = Quantile is null ? 0f : Threshold;
        _admitted = fromZero || rate <= 0f || Threshold <= 0f ? 0f : (Quantile is null ? WarmShare : 1f) * Threshold / rate;
        _gradients.Reset(_admitted);
    }

    /// <summary>Chooses the tracked weights of the step that was just computed.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="clip">Factor on all gradients, at most 1.</param>
    /// <returns>False: the threshold was too high, nothing was changed; compute the step again after Begin(fromZero).</returns>
    public bool TryCommit(Optimizer optimizer, float rate, float clip)
    {
        var tracked = ScoreTracked(optimizer, clip, out var old);
        var count = AddCandidates(rate * clip, tracked);
        var k = _tracked.Capacity;
        var cutoff = count > k
            ? RadixSelect.Find(_scores.AsSpan(0, count), _tieBreaks.AsSpan(0, count), _keys.AsSpan(0, count), k)
            : Cutoff.None;
        if (_floor > 0f)
        {
            Candidates = count - tracked;
            // A collector keeps the k largest at least: up to k candidates the count is exact, and does not depend on threads.
            if (_admitted > 0f) Threshold = Quantile!.Next(Threshold, tracked + Math.Min(Candidates, k));
            Commit(old, cutoff, rate * clip);
            return true;
        }
        var smallest = Smallest(count, cutoff);
        if (_admitted > 0f && (count < k || smallest < rate * clip * _admitted)) return false;
        Threshold = count >= k ? smallest : 0f;
        Candidates = count - tracked;
        Commit(old, cutoff, rate * clip);
        return true;
    }

    /// <summary>Pools the scores of the tracked weights after the step; those that fall back to their base exactly are left out.</summary>
    int ScoreTracked(Optimizer optimizer, float clip, out int old)
    {
        old = _tracked.Count;
        (_scoreJob.Optimizer, _scoreJob.Clip) = (optimizer, clip);
        _workers.Run(_scoreJob);
        var pooled = _pooled[0];
        for (var part = 1; part < _workers.Count; part++)
        {
            var (first, count) = (ScoreJob.First(old, part, _workers.Count), _pooled[part]);
            if (first > pooled)
            {
                _scores.AsSpan(first, count).CopyTo(_scores.AsSpan(pooled));
                _tieBreaks.AsSpan(first, count).CopyTo(_tieBreaks.AsSpan(pooled));
                _keys.AsSpan(first, count).CopyTo(_keys.AsSpan(pooled));
            }
            pooled += count;
        }
        return pooled;
    }

    /// <summary>Scores the tracked weights [first, end) and pools them from <paramref name="first"/> on; returns how many.</summary>
    int ScoreTracked(Optimizer optimizer, float clip, int first, int end)
    {
        var gradients = _gradients.TrackedGradientsOfAll;
        var pooled = first;
        Span<float> bases = stackalloc float[GatheredBases];
        for (var t = 0; t < _tracked.Tensors.Count; t++)
        {
            var tensor = _tracked[t];
            if (tensor.Count == 0 || tensor.Start + tensor.Count <= first || tensor.Start >= end) continue;
            var source = _parameters[tensor.Ordinal].Source();
            var scale = _scales[tensor.Ordinal];
            var starts = tensor.TileStarts;
            var values = tensor.Values;
            for (var tile = 0; tile + 1 < starts.Length; tile++)
            {
                var tileEnd = Math.Min(starts[tile + 1], end - tensor.Start);
                for (var entry = Math.Max(starts[tile], first - tensor.Start); entry < tileEnd; entry += GatheredBases)
                {
                    var indices = tensor.Indices[entry..Math.Min(entry + GatheredBases, tileEnd)];
                    source.Gather(tile, indices, bases);
                    var firstKey = CandidateCollector.Key(tensor.Ordinal, (long)tile * TrackedSet.TileSize);
                    for (var i = 0; i < indices.Length; i++)
                    {
                        var at = tensor.Start + entry + i;
                        var score = Advance(optimizer, at, values[entry + i], gradients[at] * clip, bases[i]) * scale;
                        _trackedScores[at] = score;
                        if (!IsEnough(score)) continue;
                        (_scores[pooled], _tieBreaks[pooled], _keys[pooled]) = (score, float.PositiveInfinity, firstKey + indices[i]);
                        pooled++;
                    }
                }
            }
        }
        return pooled - first;
    }

    /// <summary>Value and optimizer state after the step, kept aside; returns how far the value then is from its base.</summary>
    float Advance(Optimizer optimizer, int at, float value, float gradient, float @base)
    {
        var unused = 0f;
        ref var first = ref unused;
        ref var second = ref unused;
        if (_first.Length > 0) (first = ref _first[at]) = _tracked.OptimizerState(0)[at];
        if (_second.Length > 0) (second = ref _second[at]) = _tracked.OptimizerState(1)[at];
        _values[at] = optimizer.Next(value, optimizer.Pulled(gradient, value, @base), ref first, ref second);
        return MathF.Abs(_values[at] - @base);
    }

    bool IsEnough(float score) => score > 0f && score >= _floor;

    int AddCandidates(float rate, int count)
    {
        foreach (var collector in _gradients.Collectors)
        {
            var magnitudes = collector.Magnitudes;
            var keys = collector.Keys;
            for (var i = 0; i < magnitudes.Length; i++)
            {
                var score = rate * magnitudes[i];
                if (!IsEnough(score)) continue;
                (_scores[count], _tieBreaks[count], _keys[count]) = (score, magnitudes[i], keys[i]);
                count++;
            }
        }
        return count;
    }

    float Smallest(int count, Cutoff cutoff)
    {
        if (cutoff.Score > 0f) return cutoff.Score;
        var smallest = float.PositiveInfinity;
        foreach (var score in _scores.AsSpan(0, count))
            if (score < smallest) smallest = score;
        return count == 0 ? 0f : smallest;
    }

    /// <summary>Writes the new tracked set: the tracked weights that stay and the sorted entrants, merged by key.</summary>
    void Commit(int old, Cutoff cutoff, float rate)
    {
        var entrants = SortEntrants(cutoff, rate);
        for (var slot = 0; slot < _tracked.OptimizerSlots; slot++)
            (slot == 0 ? _first : _second).AsSpan(0, old).CopyTo(_tracked.OptimizerState(slot));
        _tracked.BeginUpdate();
        var next = 0;
        for (var t = 0; t < _tracked.Tensors.Count; t++)
        {
            var tensor = _tracked[t];
            var start = tensor.Start;
            var starts = tensor.TileStarts;
            var indices = tensor.Indices;
            for (var tile = 0; tile + 1 < starts.Length; tile++)
            {
                var first = CandidateCollector.Key(tensor.Ordinal, (long)tile * TrackedSet.TileSize);
                var run = starts[tile];
                for (var entry = run; entry < starts[tile + 1]; entry++)
                {
                    var key = first + indices[entry];
                    var score = _trackedScores[start + entry];
                    var stays = IsEnough(score) && cutoff.Keeps(score, float.PositiveInfinity, key);
                    if (stays && (next == entrants || _entrantKeys[next] > key)) continue;
                    Stay(t, tile, indices[run..entry], start + run);
                    while (next < entrants && _entrantKeys[next] < key) Enter(next++, rate);
                    run = stays ? entry : entry + 1;
                }
                Stay(t, tile, indices[run..starts[tile + 1]], start + run);
            }
        }
        while (next < entrants) Enter(next++, rate);
        _tracked.Commit();
        Entered = entrants;
    }

    void Stay(int tensor, int tile, ReadOnlySpan<ushort> indices, int first)
    {
        if (!indices.IsEmpty) _tracked.AppendRun(tensor, tile, indices, _values.AsSpan(first, indices.Length));
    }

    int SortEntrants(Cutoff cutoff, float rate)
    {
        var entrants = 0;
        foreach (var collector in _gradients.Collectors)
        {
            var magnitudes = collector.Magnitudes;
            var keys = collector.Keys;
            for (var i = 0; i < magnitudes.Length; i++)
            {
                var score = rate * magnitudes[i];
                if (!IsEnough(score) || !cutoff.Keeps(score, magnitudes[i], keys[i])) continue;
                (_entrantKeys[entrants], _entrantGradients[entrants]) = (keys[i], collector.Gradients[i]);
                entrants++;
            }
        }
        MemoryExtensions.Sort(_entrantKeys.AsSpan(0, entrants), _entrantGradients.AsSpan(0, entrants));
        return entrants;
    }

    void Enter(int entrant, float rate)
    {
        var (ordinal, index) = CandidateCollector.Split(_entrantKeys[entrant]);
        var value = MathF.FusedMultiplyAdd(-rate, _entrantGradients[entrant], _parameters[ordinal].Source()[index]);
        _tracked.Append(ordinal, index, value);
    }

    /// <summary>Tracked weights, dealt out by number.</summary>
    sealed class ScoreJob(TopKSelector owner) : Job
    {
        public Optimizer Optimizer { get; set; } = null!;

        public float Clip { get; set; }

        public static int First(int tracked, int part, int parts) => (int)((long)tracked * part / parts);

        public override void Run(int part, int parts)
        {
            var tracked = owner._tracked.Count;
            owner._pooled[part] = owner.ScoreTracked(Optimizer, Clip, First(tracked, part, parts), First(tracked, part + 1, parts));
        }
    }
}
