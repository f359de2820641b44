namespace EdgeDropBack.Graphs;

/// <summary>
/// A model for one batch size: typed nodes in topological order, every value with its shape. All values are float32;
/// integer shape arithmetic was folded when the graph was made.
/// </summary>
sealed class Graph
{
    public required string Name { get; init; }

    /// <summary>Samples in a batch: the first dimension of inputs and outputs.</summary>
    public required int Batch { get; init; }

    public required IReadOnlyList<Value> Inputs { get; init; }

    public required IReadOnlyList<Value> Outputs { get; init; }

    /// <summary>What the file calls each output: another name than the value's where an Identity node stands before it.</summary>
    public IReadOnlyList<string> OutputNames { get => field ?? [.. Outputs.Select(output => output.Name)]; init; }

    /// <summary>The output that is trained; null where none was chosen, which stands for the first.</summary>
    public Value? TrainedOutput { get; init; }

    public required IReadOnlyList<Node> Nodes { get; init; }

    /// <summary>All trainable tensors, in the order of their first use.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    /// <summary>Where weights of the file are read as numbers, in the order of the nodes.</summary>
    public IReadOnlyList<FixedRead> FixedReads { get; init; } = [];

    /// <summary>Weights behind Identity nodes of the file, in the order of the nodes.</summary>
    public IReadOnlyList<IdentityCopy> Copies { get; init; } = [];

    /// <summary>Number of values; ids are below it.</summary>
    public required int ValueCount { get; init; }

    /// <summary>Number of trainable weights.</summary>
    public long ParameterCount => Parameters.Sum(p => (long)p.Count);

    /// <summary>Multiply-adds of a forward pass; the largest long where there are more.</summary>
    public long MultiplyAdds
    {
        get
        {
            var sum = 0L;
            foreach (var node in Nodes) sum = node.Operator.MultiplyAdds(node) is var more && more > long.MaxValue - sum ? long.MaxValue : sum + more;
            return sum;
        }
    }
}
