using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX GroupNormalization over [batch, channels, space] with scale and shift [channels]; InstanceNormalization is the case of one
/// channel a group.
/// </summary>
sealed class GroupNormalizationOperator(string type, float epsilon, int groups) : Operator
{
    public override string Type => type;

    public override int SavedFloats(Node node) => 2 * node.Inputs[0]!.Shape[0] * groups;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input < 2;

    public override void Forward(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        var half = x[0] * groups;
        GroupNorm.Forward(c.Input(0), c.Input(1), c.Input(2), epsilon, c.Output(), c.Saved[..half], c.Saved[half..],
            x[0], x[1], x.Product(2, x.Rank), groups);
    }

    public override void Backward(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        var half = x[0] * groups;
        GroupNorm.Backward(c.Input(0), c.OutputGradient(), c.Input(1), c.Saved[..half], c.Saved[half..],
            c.InputGradient(0), c.InputGradient(1), c.InputGradient(2), x[0], x[1], x.Product(2, x.Rank), groups);
    }
}
