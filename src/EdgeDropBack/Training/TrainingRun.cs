using System.Diagnostics;
using System.Globalization;

namespace EdgeDropBack.Training;

/// <summary>
/// One training from its first step to its last at one learning rate: the schedule, the freeze, early stopping, and what happens when the
/// loss goes wrong. Only <see cref="RunState"/>, the weights and the snapshots decide how it goes on, so a checkpoint of these resumes it bit for bit.
/// </summary>
sealed class TrainingRun
{
    /// <summary>An epoch whose mean loss is above this multiple of the first one's counts as rising.</summary>
    const double RisingFactor = 2;

    /// <summary>Rising epochs in a row until the last good state is restored.</summary>
    const int RisingEpochs = 2;

    /// <summary>What the rate is multiplied by then, once.</summary>
    const float ReducedRate = 0.25f;

    /// <summary>Steps whose time is kept.</summary>
    const int MaxTimed = 1 << 16;

    readonly TrainingSession _session;
    readonly RunPlan _plan;
    readonly float _rate;
    readonly Batch _batch;
    readonly BatchFill _fill;
    readonly int _perEpoch;
    readonly long[] _ticks;
    readonly int _startedAt;
    int _timed;

    public TrainingRun(TrainingSession session, RunPlan plan, float rate, RunState? state = null)
    {
        (_session, _plan, _rate, State) = (session, plan, rate, state ?? new());
        _batch = new Batch(session.Options.Batch, session.Outputs);
        (_fill, _startedAt) = (plan.Data.Fill, State.Step);
        _perEpoch = plan.Data.StepsPerEpoch;
        _ticks = new long[Math.Clamp(plan.Steps, 1, MaxTimed)];
        Good = new Snapshot(session);
        if (plan.Patience is not null) Best = new Snapshot(session);
        if (State.FrozenAt >= 0) session.Freeze();
        else if (session.Trainer.IsFrozen) State.FrozenAt = 0;
    }

    public RunState State { get; }

    /// <summary>The end of the last epoch whose loss was no worse than the first one's.</summary>
    public Snapshot Good { get; }

    /// <summary>The best held-out loss so far; null without patience.</summary>
    public Snapshot? Best { get; }

    public bool IsDone => State.Step >= _plan.Steps || (_plan.Patience is { } patience && State.EpochsSinceBest >= patience);

    /// <summary>Milliseconds of the steps that this process ran.</summary>
    public TimeFigures StepMilliseconds()
    {
        if (_timed == 0) return new(0, 0);
        var ticks = _ticks.AsSpan(0, _timed).ToArray();
        Array.Sort(ticks);
        return new(Milliseconds(ticks[_timed / 2]), Milliseconds(ticks[Math.Min(_timed - 1, _timed * 95 / 100)]));
    }

    /// <summary>Milliseconds of the steps of each whole epoch that this process ran, where it began with one.</summary>
    public IReadOnlyList<double> EpochMilliseconds()
    {
        var epochs = new double[_startedAt % _perEpoch == 0 ? _timed / _perEpoch : 0];
        for (var i = 0; i < epochs.Length * _perEpoch; i++) epochs[i / _perEpoch] += Milliseconds(_ticks[i]);
        return epochs;
    }

    /// <summary>Trains until done or until <paramref name="afterStep"/> says stop.</summary>
    /// <param name="phase">What progress calls this run.</param>
    /// <param name="afterStep">Called after every step; false ends the loop between two steps.</param>
    public void Train(string phase, Func<bool>? afterStep = null)
    {
        while (!IsDone)
        {
            FreezeWhenDue();
            var loss = Step();
            var trainer = _session.Trainer;
            var churn = trainer.IsFrozen ? 0 : (double)trainer.Entered / TrackedCount;
            if (double.IsFinite(loss) && State.Step % _perEpoch == 0) EndEpoch();
            else if (double.IsFinite(loss) && State.Step == _plan.Steps) EndPartOfEpoch();
            _plan.Progress?.Invoke(new(phase, State.Step, _plan.Steps, loss, churn, trainer.IsFrozen));
            if (afterStep is not null && !afterStep()) break;
        }
        if (double.IsNaN(State.LastLoss) && State.Step % _perEpoch > 0) State.LastLoss = State.EpochLoss / (State.Step % _perEpoch);
        if (Best is not null && State.BestStep >= 0) Best.Restore(_session);
    }

    int TrackedCount => Math.Max(1, _session.Trainer.Tracked?.Count ?? 0);

    void FreezeWhenDue()
    {
        if (_session.Trainer.IsFrozen || !_plan.Freeze.IsDue(State.Step, _perEpoch, State.Churn)) return;
        _session.Freeze();
        State.FrozenAt = State.Step;
    }

    double Step()
    {
        _plan.Data.Prepare(State.Step, _batch);
        var rate = _rate * State.RateFactor * _plan.Schedule.Factor(State.Step, _plan.Steps, _perEpoch);
        var started = Stopwatch.GetTimestamp();
        var loss = _session.Trainer.Step(_batch, rate, State.Step, _fill);
        if (_timed < _ticks.Length) _ticks[_timed++] = Stopwatch.GetTimestamp() - started;
        if (!double.IsFinite(loss))
        {
            Reduce($"the loss of step {State.Step} is {loss.ToString(CultureInfo.InvariantCulture)}");
            return loss;
        }
        State.EpochLoss += loss;
        State.EpochEntered += _session.Trainer.Entered;
        State.Step++;
        return loss;
    }

    void EndEpoch()
    {
        var mean = State.EpochLoss / _perEpoch;
        NoteChurn(_perEpoch);
        (State.EpochLoss, State.EpochEntered) = (0, 0);
        if (double.IsNaN(State.FirstLoss)) State.FirstLoss = mean;
        State.LastLoss = mean;
        State.RisingEpochs = mean > RisingFactor * State.FirstLoss ? State.RisingEpochs + 1 : 0;
        if (State.RisingEpochs >= RisingEpochs)
        {
            Reduce($"the loss rises: {mean.ToString("0.###", CultureInfo.InvariantCulture)} after {State.Step} steps, "
                + $"{State.FirstLoss.ToString("0.###", CultureInfo.InvariantCulture)} at first");
            return;
        }
        if (mean <= State.FirstLoss) Good.Take(_session);
        if (Best is not null) MeasureHeldOut();
    }

    void EndPartOfEpoch()
    {
        var steps = (State.Step - 1) % _perEpoch + 1;
        State.LastLoss = State.EpochLoss / steps;
        NoteChurn(steps);
    }

    /// <summary>Exchanged weights of an epoch that ends, or that the run ends in; steps after a freeze exchange none and do not count.</summary>
    void NoteChurn(int steps)
    {
        var selecting = State.FrozenAt < 0 ? steps : Math.Max(0, State.FrozenAt - (State.Step - steps));
        var exchanged = (double)State.EpochEntered / TrackedCount;
        State.Churn = exchanged / steps;
        if (selecting == 0 || _session.Trainer.Dense is not null) return;
        State.LastChurn = exchanged / selecting;
        if (double.IsNaN(State.FirstChurn)) State.FirstChurn = State.LastChurn;
    }

    void MeasureHeldOut()
    {
        var loss = Evaluator.Run(_session, _plan.HeldOut!, _session.Trainer.Values).Loss;
        if (loss < State.BestHeldOutLoss)
        {
            (State.BestHeldOutLoss, State.BestStep, State.EpochsSinceBest) = (loss, State.Step, 0);
            Best!.Take(_session);
        }
        else
        {
            State.EpochsSinceBest++;
        }
    }

    /// <summary>Goes back to the last good state with a lower rate; the second time the run has failed.</summary>
    void Reduce(string reason)
    {
        Good.Restore(_session);
        if (State.Reductions > 0)
            throw EdbException.Failed($"training diverged twice, the second time since {reason}; give a lower --lr than {_rate.ToString(CultureInfo.InvariantCulture)}, or --clip 1");
        State.Reductions++;
        State.RateFactor *= ReducedRate;
        (State.RisingEpochs, State.EpochLoss, State.EpochEntered) = (0, 0, 0);
        State.Step -= State.Step % _perEpoch;
        _plan.Log?.Invoke($"{reason}: back to the last good state, rate x {ReducedRate.ToString(CultureInfo.InvariantCulture)}");
    }

    static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
