using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>The dense gradient of the mean loss at the base, for checking against other frameworks (`edb gradients`).</summary>
sealed class GradientProbe : IDisposable
{
    readonly Executor _executor;
    readonly AlignedBuffer _arena;
    readonly Value _lossInput;
    readonly LossKind _loss;
    readonly Graph _graph;
    NoMeter _meter;

    public GradientProbe(Graph graph, LossKind loss, Workers workers)
    {
        (_graph, _loss, _lossInput) = (graph, loss, LossInput.Of(graph, loss));
        var plan = Planner.ForTraining(graph, _lossInput, _ => true);
        _arena = new AlignedBuffer(plan.ArenaFloats);
        _executor = new Executor(plan, _arena, workers, new BaseValues());
        Gradients = new DenseGradients(graph.Parameters, graph.Parameters.Count);
    }

    /// <summary>The gradients of the last <see cref="Run"/>.</summary>
    public DenseGradients Gradients { get; }

    /// <summary>[batch, outputs]: shape of the targets and of the logits.</summary>
    public Shape OutputShape => _lossInput.Shape;

    /// <summary>[batch, outputs] of the last <see cref="Run"/>: only the loss' own gradient is left where the logits were, so they are copied.</summary>
    public float[] Logits { get; private set; } = [];

    /// <summary>Where an input is put before a run.</summary>
    public Span<float> Input(Value input) => _executor.Values(input);

    /// <returns>Mean loss.</returns>
    public double Run(Batch batch)
    {
        _executor.Forward(ref _meter, isTraining: false);
        Logits = _executor.Values(_lossInput).ToArray();
        var loss = Loss.Forward(_loss, Logits, batch, _executor.GradientOf(_lossInput));
        foreach (var parameter in _graph.Parameters) Gradients[parameter].AsSpan().Clear();
        _executor.Backward(ref _meter, Gradients);
        return loss;
    }

    public void Dispose() => _arena.Dispose();
}
