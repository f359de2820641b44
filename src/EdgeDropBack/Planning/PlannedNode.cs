using EdgeDropBack.Graphs;

namespace EdgeDropBack.Planning;

/// <summary>A node with the buffers that its forward and backward work on.</summary>
sealed class PlannedNode(Node node, int index)
{
    public Node Node { get; } = node;

    /// <summary>Place in the forward order.</summary>
    public int Index { get; } = index;

    /// <summary>When it runs forward and backward, as <see cref="PlannedBuffer.From"/> counts.</summary>
    public int ForwardTime { get; internal set; }

    public int BackwardTime { get; internal set; } = -1;

    /// <summary>Nodes that run forward again just before this node's backward, in order.</summary>
    public IReadOnlyList<PlannedNode> Recomputed { get; internal set; } = [];

    /// <summary>Multiply-adds of one forward, a Relu that is part of it included.</summary>
    public long MultiplyAdds => Node.Operator.MultiplyAdds(Node) + (IsRectified ? Node.Outputs[0].Shape.Count : 0);

    internal bool IsInPlace { get; set; }

    /// <summary>The Relu behind this node is part of it: output 0 is rectified.</summary>
    internal bool IsRectified { get; set; }

    /// <summary>A Relu that the node in front of it computes: it does not run.</summary>
    internal bool IsFused { get; set; }

    internal PlannedBuffer?[] Inputs { get; } = new PlannedBuffer?[node.Inputs.Count];

    internal PlannedBuffer?[] Outputs { get; } = new PlannedBuffer?[node.Outputs.Count];

    internal PlannedBuffer?[] OutputGradients { get; } = new PlannedBuffer?[node.Outputs.Count];

    /// <summary>Where the backward writes the gradient of an input; null where it is not wanted.</summary>
    internal PlannedBuffer?[] InputGradients { get; } = new PlannedBuffer?[node.Inputs.Count];

    /// <summary>Where that is added to afterwards, since another consumer of the same value was there before; null otherwise.</summary>
    internal PlannedBuffer?[] AddTo { get; } = new PlannedBuffer?[node.Inputs.Count];

    /// <summary>Output gradients that no consumer wrote and that must be zeroed first.</summary>
    internal bool[] ZeroGradient { get; } = new bool[node.Outputs.Count];

    /// <summary>Parameters at the inputs whose gradient this node forms itself, through a weight source.</summary>
    internal bool[] WantsWeightGradient { get; } = new bool[node.Inputs.Count];

    internal PlannedBuffer? Saved { get; set; }

    internal PlannedBuffer? Workspace { get; set; }

    internal PlannedBuffer? BackwardWorkspace { get; set; }

    public override string ToString() => Node.ToString();
}
