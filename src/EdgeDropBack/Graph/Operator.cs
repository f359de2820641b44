using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>
/// What a node computes, with its attributes. Shapes were checked when the node was made. An operator has a forward and,
/// where it is trainable, a backward that overwrites each wanted input gradient.
/// </summary>
abstract class Operator
{
    /// <summary>The ONNX name.</summary>
    public abstract string Type { get; }

    /// <summary>False: forward only; nothing in front of this node can be trained.</summary>
    public virtual bool HasGradient => true;

    /// <summary>The gradient is zero wherever there is one (comparisons, indices, rounding): other paths train what is in front.</summary>
    public virtual bool StopsGradient => false;

    /// <summary>The output is the input's bytes under another shape.</summary>
    public virtual bool IsView => false;

    /// <summary>The output may take the place of input 0 where nobody else needs that.</summary>
    public virtual bool CanRunInPlace => false;

    /// <summary>The gradient of input 0 may take the place of that of output 0, where both are of one size.</summary>
    public virtual bool CanRunBackwardInPlace(Node node) => CanRunInPlace;

    /// <summary>A Relu that follows in place can be made part of this operator: see <see cref="NodeContext.IsRectified"/>.</summary>
    public virtual bool CanRectify(Node node) => false;

    /// <summary>Floats that the forward leaves for the backward of the same node (argmax, batch statistics).</summary>
    public virtual int SavedFloats(Node node) => 0;

    /// <summary>Floats of scratch that live during one call.</summary>
    public virtual int WorkspaceFloats(Node node) => 0;

    /// <summary>This input is read through a weight source when it is a parameter, and never materialised.</summary>
    public virtual bool TakesWeights(int input) => false;

    /// <summary>Leading dimensions of such a parameter that are rows of the matrix whose gradient tiles are formed.</summary>
    public virtual int RowDims(int input) => 1;

    /// <summary>Elements that a forward reads of a parameter at this input.</summary>
    public virtual int WeightReads(Node node, int input) => node.Inputs[input]!.Shape.Count;

    /// <summary>Role of a parameter at this input.</summary>
    public virtual ParameterRole RoleOf(int input) => ParameterRole.Other;

    /// <summary>The backward reads the value of this input.</summary>
    /// <param name="wants">Whether the gradient of an input is wanted.</param>
    public virtual bool BackwardReadsInput(int input, Func<int, bool> wants) => true;

    /// <summary>The backward reads the value of output 0.</summary>
    public virtual bool BackwardReadsOutput => false;

    /// <summary>Multiply-adds of one forward.</summary>
    public virtual long MultiplyAdds(Node node) => node.Outputs[0].Shape.Count;

    public abstract void Forward(NodeContext c);

    /// <summary>What <see cref="Forward"/> reads and writes, in its order.</summary>
    internal virtual void ForwardAccesses(NodeAccesses c) => c.StreamForward();

    /// <summary>What <see cref="Backward"/> reads and writes, in its order.</summary>
    internal virtual void BackwardAccesses(NodeAccesses c) => c.StreamBackward();

    public virtual void Backward(NodeContext c) => throw new InvalidOperationException($"{Type} has no gradient");
}
