using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX LRN over the channels of [batch, channels, space].</summary>
sealed class LocalResponseNormalizationOperator(int size, float alpha, float beta, float bias) : Operator
{
    public override string Type => "LRN";

    public override int SavedFloats(Node node) => node.Inputs[0]!.Shape.Count;

    public override bool BackwardReadsOutput => true;

    public override long MultiplyAdds(Node node) => (long)size * node.Outputs[0].Shape.Count;

    public override void Forward(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        LocalResponseNorm.Forward(c.Input(0), c.Output(), c.Saved, size, alpha, beta, bias, x[0], x[1], x.Product(2, x.Rank));
    }

    public override void Backward(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        LocalResponseNorm.Backward(c.Input(0), c.Output(), c.Saved, c.OutputGradient(), c.InputGradient(0), size, alpha, beta,
            x[0], x[1], x.Product(2, x.Rank));
    }
}
