using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Conv in one or two dimensions: x [batch, channels, (height,) width], W [out, in / groups, (kh,) kw], b [out] or absent.</summary>
sealed class ConvOperator(ConvShape shape) : Operator
{
    readonly MaterialisedGradient _gradient = new();

    public ConvShape Shape { get; } = shape;

    public override string Type => "Conv";

    public override bool TakesWeights(int input) => input == 1;

    public override ParameterRole RoleOf(int input) => input == 2 ? ParameterRole.Bias : ParameterRole.Weight;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input switch { 0 => wants(1), 1 => wants(0), _ => false };

    public override long MultiplyAdds(Node node) => (long)node.Outputs[0].Shape.Count * Shape.WeightColumns;

    public override void Forward(NodeContext c)
        => Convolution.Forward(c.Workers, c.Input(0), c.WeightsOrValues(1), c.Input(2), Shape, c.Output());

    public override void Backward(NodeContext c)
    {
        var dy = c.OutputGradient();
        if (c.Wants(1))
        {
            if (c.IsWeights(1)) c.ConvolutionGradient(1, dy, c.Input(0), Shape);
            else WeightGradient.Convolution(c.Workers, dy, c.Input(0), Shape, _gradient.Into(c.InputGradientBuffer(1)!, c, Shape.WeightColumns));
        }
        if (c.Wants(2)) Reduction.ChannelSums(dy, c.InputGradient(2), Shape.Batch, Shape.OutChannels, Shape.OutHeight * Shape.OutWidth);
        if (c.Wants(0)) Convolution.BackwardData(c.Workers, dy, c.WeightsOrValues(1), Shape, c.InputGradient(0));
    }

    internal override void ForwardAccesses(NodeAccesses c)
        => Convolution.ForwardAccesses(c.Stream, c.Input(0)!.Value, c.WeightsOrValues(1), c.Input(2), Shape, c.Output());

    internal override void BackwardAccesses(NodeAccesses c)
    {
        var dy = c.OutputGradient();
        c.Phase(TrafficPhase.BackwardWeight);
        if (c.Wants(1))
        {
            if (c.IsWeights(1)) c.ConvolutionGradient(1, dy, c.Input(0)!.Value, Shape);
            else c.StreamBackward();
        }
        if (c.InputGradient(2) is { } bias) ElementwiseAccesses.Stream(c.Stream, [(dy, Shape.OutLength)], [(bias, Shape.OutChannels)]);
        c.Phase(TrafficPhase.BackwardData);
        if (c.InputGradient(0) is { } dx) Convolution.BackwardDataAccesses(c.Stream, dy, c.WeightsOrValues(1), Shape, dx);
    }
}
