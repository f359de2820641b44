using EdgeDropBack.Graphs;

namespace EdgeDropBack.Planning;

/// <summary>
/// Everything a step does, in order, and where in the arena it happens: known before training starts.
/// Made by <see cref="Planner"/>; run by <see cref="Training.Executor"/>.
/// </summary>
sealed class TrainingPlan
{
    public required Graph Graph { get; init; }

    /// <summary>Nodes to run forward, in order.</summary>
    public required IReadOnlyList<PlannedNode> Forward { get; init; }

    /// <summary>Nodes to run backward, in order; empty for a plan that only infers.</summary>
    public required IReadOnlyList<PlannedNode> Backward { get; init; }

    /// <summary>All stretches of the arena.</summary>
    public required IReadOnlyList<PlannedBuffer> Buffers { get; init; }

    /// <summary>Length of the arena in floats.</summary>
    public required long ArenaFloats { get; init; }

    /// <summary>Arena buffer of a value, by value id; null where the plan does not need the value.</summary>
    public required PlannedBuffer?[] ValueBuffers { get; init; }

    /// <summary>Arena buffer of a value's gradient, by value id.</summary>
    public required PlannedBuffer?[] GradientBuffers { get; init; }

    /// <summary>What the loss is taken on; null for a plan that only infers.</summary>
    public Value? LossInput { get; init; }

    /// <summary>Parameters whose gradient the backward forms, in the graph's order.</summary>
    public required IReadOnlyList<Parameter> GradientsOf { get; init; }

    /// <summary>Nodes whose forward a step runs twice.</summary>
    public IEnumerable<PlannedNode> Recomputed => Backward.SelectMany(node => node.Recomputed);

    public long RecomputedMultiplyAdds => Recomputed.Sum(node => node.MultiplyAdds);

    public long ArenaBytes => ArenaFloats * sizeof(float);
}
