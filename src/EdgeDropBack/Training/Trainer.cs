using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// One training step after the other: forward, loss, backward, select, apply. In dropback mode the weights are a read-only base and k
/// tracked values (Law 1), gradients are consumed where they are born (Law 2), and a step allocates nothing (Law 3). Until
/// <see cref="Freeze"/> every step may exchange tracked weights; from then on only their k gradients are computed.
/// </summary>
/// <typeparam name="TMeter"><see cref="NoMeter"/>, or one that counts what the steps touch.</typeparam>
sealed class Trainer<TMeter> : ITrainer
    where TMeter : struct, ITrafficMeter
{
    readonly TrainingSetup _setup;
    readonly Optimizer _optimizer;
    readonly DropBackValues? _values;
    readonly DenseUpdate? _dense;
    SelectionGradients? _selection;
    TopKSelector? _selector;
    SampledGradients? _sampled;
    Batch? _part;
    Executor _executor;
    TMeter _meter;

    /// <param name="setup">Graph, arena, workers and what is trained.</param>
    /// <param name="tracked">The tracked weights, empty or from a store; null for the dense baseline.</param>
    public Trainer(TrainingSetup setup, Optimizer optimizer, TrackedSet? tracked, TMeter meter = default)
    {
        (_setup, _optimizer, _meter) = (setup, optimizer, meter);
        if (tracked is null)
        {
            _dense = new DenseUpdate(setup, optimizer);
            _executor = setup.Executor(setup.IsTrainable, _dense.Values);
            return;
        }
        _values = new DropBackValues(tracked);
        _executor = setup.Executor(setup.IsTrainable, _values);
        _selection = new SelectionGradients(setup.Trainable, setup.Graph.Parameters.Count, tracked, setup.Scales, setup.Workers.Count) { WantsNorm = setup.Clip > 0f };
        _selector = new TopKSelector(setup.Workers, setup.Graph.Parameters, tracked, _selection, setup.Scales) { Quantile = setup.Quantile ? new RunningQuantile(tracked.Capacity) : null };
    }

    public ref TMeter Meter => ref _meter;

    public IParameterValues Values => _values is not null ? _values : _dense!.Values;

    public TrackedSet? Tracked => _values?.Tracked;

    public DenseValues? Dense => _dense?.Values;

    public IReadOnlyList<float[]> DenseState => _dense?.State ?? [];

    public TrainingPlan Plan => _executor.Plan;

    public bool IsFrozen => _sampled is not null;

    public int Entered => IsFrozen || _selector is null ? 0 : _selector.Entered;

    public int Candidates => IsFrozen || _selector is null ? 0 : _selector.Candidates;

    public float Threshold
    {
        get => _selector?.Threshold ?? 0f;
        set
        {
            if (_selector is not null) _selector.Threshold = value;
        }
    }

    public Span<float> Input => _executor.Values(_setup.Graph.Inputs[0]);

    public void Freeze()
    {
        if (IsFrozen || _values is null) return;
        _values.Tracked.Freeze();
        (_selection, _selector) = (null, null);
        SampleTracked();
    }

    public void Restore(TrackedSet earlier)
    {
        _values!.Tracked.CopyFrom(earlier);
        if (IsFrozen) SampleTracked();
        else _selector!.Threshold = 0f;
    }

    public double Step(Batch batch, float rate, int step, BatchFill? fill = null)
    {
        double loss;
        var fromZero = false;
        do
        {
            _selector?.Begin(rate, fromZero);
            loss = batch.Size == _setup.Graph.Batch ? Pass(batch, 0, step, fill) : MicroBatches(batch, step, fill);
            if (!double.IsFinite(loss)) return loss;
            fromZero = true;
        }
        while (!Apply(rate, step));
        _setup.CommitStatistics();
        _setup.Decay.Advance();
        _meter.EndStep();
        return loss;
    }

    /// <summary>Forward, loss and backward on what is in memory at once.</summary>
    double Pass(Batch batch, int first, int step, BatchFill? fill)
    {
        fill?.Invoke(Input, first);
        _executor.Forward(ref _meter, isTraining: true, _setup.Seed, step);
        var loss = Loss.Forward(_setup.Loss, _executor.Values(_setup.LossInput), batch, _executor.GradientOf(_setup.LossInput));
        if (double.IsFinite(loss)) _executor.Backward(ref _meter, Gradients);
        return loss;
    }

    /// <summary>A batch in parts, in order; only frozen weights, whose k gradients can be added up.</summary>
    double MicroBatches(Batch batch, int step, BatchFill? fill)
    {
        if (_sampled is null || fill is null)
            throw EdbException.Usage($"a batch of {batch.Size} in micro-batches of {_setup.Graph.Batch} needs frozen weights; freeze them first, or leave the micro-batch out");
        var (size, loss) = (_setup.Graph.Batch, 0.0);
        _part ??= new Batch(size, batch.Outputs);
        _sampled.Clear();
        for (var first = 0; first < batch.Size; first += size)
        {
            _part.Take(batch, first);
            // A draw of its own for each part: dropout counts by step.
            loss += Pass(_part, first, step * ((batch.Size + size - 1) / size) + first / size, fill);
            if (!double.IsFinite(loss)) return loss;
            _part.Losses.AsSpan(0, Math.Min(size, batch.Size - first)).CopyTo(batch.Losses.AsSpan(first));
            _sampled.Add();
        }
        return loss;
    }

    void SampleTracked()
    {
        _sampled = new SampledGradients(_values!.Tracked, adds: _setup.Batch > _setup.Graph.Batch);
        _executor = _setup.Executor(parameter => _values.Tracked[parameter.Ordinal].Count > 0 || _values.Tracked.Count == 0, _values);
    }

    ParameterGradients Gradients => _dense is not null ? _dense.Gradients : _sampled is not null ? _sampled : _selection!;

    bool Apply(float rate, int step)
    {
        _optimizer.Begin(rate, step);
        if (_dense is not null)
        {
            _dense.Apply(_setup.Clip > 0f ? ClipFactor(_dense.SumOfSquares()) : 1f);
            _meter.Update(_setup.TrainableCount, _optimizer.Slots);
            return true;
        }
        if (_sampled is not null)
        {
            SampledUpdate.Apply(_setup.Workers, _values!.Tracked, _setup.Graph.Parameters, _optimizer, _sampled.All, _setup.Clip > 0f ? ClipFactor(Reduction.SumOfSquares(_sampled.All)) : 1f);
            _meter.Update(_values.Tracked.Count, _optimizer.Slots);
            return true;
        }
        var before = _values!.Tracked.Count;
        if (!_selector!.TryCommit(_optimizer, rate, _setup.Clip > 0f ? ClipFactor(_selection!.SumOfSquares()) : 1f)) return false;
        _meter.Select(before, _values.Tracked.Count, _selector.Entered);
        return true;
    }

    /// <summary>Clipping by the global norm of the gradients that the step forms: min(1, limit / norm).</summary>
    float ClipFactor(double sumOfSquares)
    {
        var norm = Math.Sqrt(sumOfSquares);
        return norm > _setup.Clip ? (float)(_setup.Clip / norm) : 1f;
    }
}
