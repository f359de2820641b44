using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>A copy of what training changes, to go back to: k values, or in the dense baseline all of them.</summary>
sealed class Snapshot
{
    readonly TrackedSet? _tracked;
    readonly float[][]? _dense;
    readonly float[][] _statistics;
    double _baseFactor;

    public Snapshot(TrainingSession session)
    {
        var trainer = session.Trainer;
        if (trainer.Tracked is { } tracked) _tracked = session.NewTracked(tracked.Capacity, tracked.OptimizerSlots, updatable: false);
        else _dense = [.. session.Graph.Parameters.Select(p => new float[p.Count])];
        _statistics = [.. session.Setup.Statistics.SelectMany(s => new[] { new float[s.Mean.Length], new float[s.Variance.Length] })];
        Take(session);
    }

    public static long Bytes(TrainingSession session)
        => session.Trainer.Tracked is { } tracked ? tracked.Capacity * (6L + 4 * tracked.OptimizerSlots) : session.Graph.ParameterCount * 4;

    public TrackedSet? Tracked => _tracked;

    /// <summary>Remembers the present state; allocates nothing.</summary>
    public void Take(TrainingSession session)
    {
        _baseFactor = session.Setup.Decay.Factor;
        if (_tracked is not null) _tracked.CopyFrom(session.Trainer.Tracked!);
        else foreach (var parameter in session.Graph.Parameters) session.Trainer.Dense![parameter].CopyTo(_dense![parameter.Ordinal], 0);
        for (var i = 0; i < session.Setup.Statistics.Count; i++)
        {
            session.Setup.Statistics[i].Mean.CopyTo(_statistics[2 * i], 0);
            session.Setup.Statistics[i].Variance.CopyTo(_statistics[2 * i + 1], 0);
        }
    }

    /// <summary>Goes back to the remembered state; the dense baseline's optimizer begins anew.</summary>
    public void Restore(TrainingSession session)
    {
        session.Setup.Decay.Set(_baseFactor);
        if (_tracked is not null) session.Trainer.Restore(_tracked);
        else
        {
            foreach (var parameter in session.Graph.Parameters) _dense![parameter.Ordinal].CopyTo(session.Trainer.Dense![parameter], 0);
            foreach (var state in session.Trainer.DenseState) Array.Clear(state);
        }
        for (var i = 0; i < session.Setup.Statistics.Count; i++)
        {
            _statistics[2 * i].CopyTo(session.Setup.Statistics[i].Mean, 0);
            _statistics[2 * i + 1].CopyTo(session.Setup.Statistics[i].Variance, 0);
        }
    }

    public SparseStore ToStore(TrainingSession session, StoreMeta meta)
    {
        var statistics = new List<Store.RunningStatistics>();
        for (var i = 0; i < session.Setup.Statistics.Count; i++)
        {
            statistics.Add(new(session.Setup.Statistics[i].MeanName, _statistics[2 * i]));
            statistics.Add(new(session.Setup.Statistics[i].VarianceName, _statistics[2 * i + 1]));
        }
        return new() { Meta = meta with { InitDecayFactor = _baseFactor }, Tracked = _tracked ?? session.Changed(p => _dense![p.Ordinal]), Bases = session.Bases(), RunningStatistics = statistics };
    }

    public void Load(TrainingSession session, SparseStore store)
    {
        _baseFactor = store.Meta.InitDecayFactor;
        if (_tracked is not null) _tracked.CopyFrom(store.Tracked);
        else foreach (var parameter in session.Graph.Parameters)
        {
            parameter.Source().CopyTo(0, _dense![parameter.Ordinal]);
            TrainingSession.Overlay(store.Tracked[parameter.Ordinal], _dense[parameter.Ordinal]);
        }
        for (var i = 0; i < _statistics.Length && i < store.RunningStatistics.Count; i++) store.RunningStatistics[i].Values.CopyTo(_statistics[i], 0);
    }
}
