using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Training;

/// <summary>What stays the same over all steps of a training: the graph, what of it is trained, the loss, and the memory it runs in.</summary>
sealed class TrainingSetup
{
    AlignedBuffer _arena;
    readonly RunningStatistics[] _statistics;
    readonly bool[] _isTrainable;

    /// <param name="isTrainable">By parameter ordinal.</param>
    /// <param name="arena">Large enough for every plan of the graph.</param>
    public TrainingSetup(Graph graph, Value lossInput, IReadOnlyList<bool> isTrainable, AlignedBuffer arena, Workers workers)
    {
        (Graph, LossInput, _arena, Workers, Batch) = (graph, lossInput, arena, workers, graph.Batch);
        _isTrainable = [.. isTrainable];
        Trainable = [.. graph.Parameters.Where(p => _isTrainable[p.Ordinal])];
        TrainableCount = Trainable.Sum(p => (long)p.Count);
        Scales = new float[graph.Parameters.Count];
        Array.Fill(Scales, 1f);
        _statistics = [.. graph.Nodes.Select(n => (n.Operator as BatchNormalizationOperator)?.Statistics).OfType<RunningStatistics>()];
    }

    public Graph Graph { get; }

    /// <summary>The logits: the graph's output, or what goes into its softmax.</summary>
    public Value LossInput { get; }

    public Workers Workers { get; }

    /// <summary>Samples a step: more than the graph's batch where a step runs in micro-batches.</summary>
    public int Batch { get; init; }

    public LossKind Loss { get; init; }

    /// <summary>Limit of the gradient's global norm; 0 for none.</summary>
    public float Clip { get; init; }

    public uint Seed { get; init; }

    /// <summary>Select by a running quantile.</summary>
    public bool Quantile { get; init; }

    /// <summary>How far the regenerated base has faded.</summary>
    public BaseDecay Decay { get; init; } = new([], 1);

    /// <summary>By parameter ordinal: what scores are multiplied by; 1 for the authors' global score.</summary>
    public float[] Scales { get; }

    /// <summary>Parameters that training may change, in the graph's order.</summary>
    public IReadOnlyList<Parameter> Trainable { get; }

    /// <summary>Their weights.</summary>
    public long TrainableCount { get; }

    public bool IsTrainable(Parameter parameter) => _isTrainable[parameter.Ordinal];

    /// <summary>What the backward computes again instead of keeping it.</summary>
    public Recomputation Recomputation { get; private set; } = Recomputation.None;

    /// <summary>The plan for the gradients of the wanted parameters; it computes again only where the arena leaves no room.</summary>
    public TrainingPlan Plan(Func<Parameter, bool> wants)
    {
        var plan = Planner.ForTraining(Graph, LossInput, wants);
        return plan.ArenaFloats <= _arena.Length ? plan : Planner.ForTraining(Graph, LossInput, wants, Recomputation);
    }

    /// <summary>An executor for the gradients of the wanted parameters.</summary>
    public Executor Executor(Func<Parameter, bool> wants, IParameterValues values)
    {
        var plan = Plan(wants);
        if (plan.ArenaFloats > _arena.Length) plan = Plan(IsTrainable);
        return new(plan, _arena, Workers, values);
    }

    /// <summary>Executors made from now on run in another arena, and compute again what that leaves no room for.</summary>
    internal void Move(AlignedBuffer arena, Recomputation recomputation) => (_arena, Recomputation) = (arena, recomputation);

    /// <summary>An executor that only infers.</summary>
    public Executor Inference(IParameterValues values) => new(Planner.ForInference(Graph, [LossInput]), _arena, Workers, values);

    public IReadOnlyList<RunningStatistics> Statistics => _statistics;

    internal void CommitStatistics()
    {
        foreach (var statistics in _statistics) statistics.Commit();
    }
}
