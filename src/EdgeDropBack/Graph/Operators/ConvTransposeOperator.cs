using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX ConvTranspose in one or two dimensions: the data gradient of the convolution that leads back from y to x. x [batch, in, ...],
/// W [in, out / groups, ...], b [out] or absent.
/// </summary>
/// <param name="reverse">That convolution: its input is y, its output is x.</param>
sealed class ConvTransposeOperator(ConvShape reverse) : Operator
{
    readonly MaterialisedGradient _gradient = new();

    public override string Type => "ConvTranspose";

    public override bool TakesWeights(int input) => input == 1;

    public override ParameterRole RoleOf(int input) => input == 2 ? ParameterRole.Bias : ParameterRole.Weight;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input switch { 0 => wants(1), 1 => wants(0), _ => false };

    public override long MultiplyAdds(Node node) => (long)node.Inputs[0]!.Shape.Count * reverse.WeightColumns;

    public override void Forward(NodeContext c)
    {
        var y = c.Output();
        var bias = c.Input(2);
        Convolution.BackwardData(c.Workers, c.Input(0), c.WeightsOrValues(1), reverse, y);
        if (bias.IsEmpty) return;
        var plane = reverse.InHeight * reverse.InWidth;
        for (var i = 0; i < y.Length; i++) y[i] += bias[i / plane % reverse.InChannels];
    }

    public override void Backward(NodeContext c)
    {
        var dy = c.OutputGradient();
        if (c.Wants(1))
        {
            if (c.IsWeights(1)) c.ConvolutionGradient(1, c.Input(0), dy, reverse);
            else
            {
                var sink = _gradient.Into(c.InputGradientBuffer(1)!, c, reverse.WeightColumns);
                WeightGradient.Convolution(c.Workers, c.Input(0), dy, reverse, sink);
            }
        }
        var plane = reverse.InHeight * reverse.InWidth;
        if (c.Wants(2)) Reduction.ChannelSums(dy, c.InputGradient(2), reverse.Batch, reverse.InChannels, plane);
        if (c.Wants(0)) Convolution.Forward(c.Workers, dy, c.WeightsOrValues(1), default, reverse, c.InputGradient(0));
    }
}
