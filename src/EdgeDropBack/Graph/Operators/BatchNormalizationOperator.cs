using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX BatchNormalization over [batch, channels, space]: inputs x, scale, shift, mean, variance. The statistics are the frozen ones
/// of the file, unless <see cref="Statistics"/> are given and the step is a training step.
/// </summary>
sealed class BatchNormalizationOperator(float epsilon, float momentum = 0.9f) : Operator
{
    public override string Type => "BatchNormalization";

    /// <summary>Running statistics of this node under `--bn train`; null where they are frozen.</summary>
    public RunningStatistics? Statistics { get; set; }

    /// <summary>Other nodes read the running statistics that the node gives on, which are those of the file.</summary>
    public bool StatisticsAreRead { get; init; }

    public float Epsilon { get; } = epsilon;

    /// <summary>The share of the running statistics that stays in a training step.</summary>
    public float Momentum { get; } = momentum;

    public override ParameterRole RoleOf(int input) => input == 1 ? ParameterRole.BatchNormScale : ParameterRole.BatchNormShift;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants)
        => input switch { 0 => wants(1) || Statistics is not null, 1 => wants(0), _ => false };

    /// <summary>The last pass reads each output gradient once, where it writes the input's.</summary>
    public override bool CanRunBackwardInPlace(Node node) => true;

    public override bool CanRectify(Node node) => Statistics is null;

    public override int SavedFloats(Node node) => Statistics is null ? 0 : 2 * node.Inputs[0]!.Shape[1];

    /// <summary>The gradients of scale and shift, which the backward through batch statistics needs even where nobody wants them.</summary>
    public override int WorkspaceFloats(Node node) => Statistics is null ? 0 : 2 * node.Inputs[0]!.Shape[1];

    static (int Batch, int Channels, int Space) Sizes(NodeContext c)
    {
        var x = c.Node.Inputs[0]!.Shape;
        return (x[0], x[1], x.Product(2, x.Rank));
    }

    public override void Forward(NodeContext c)
    {
        var (batch, channels, space) = Sizes(c);
        if (Statistics is null || !c.IsTraining)
        {
            BatchNorm.Forward(c.Workers, c.Input(0), c.Input(1), c.Input(2), Mean(c), Variance(c), Epsilon, c.Output(), batch, channels, space,
                c.IsRectified);
            return;
        }
        var mean = c.Saved[..channels];
        var variance = c.Saved[channels..];
        BatchNorm.ForwardTraining(c.Input(0), c.Input(1), c.Input(2), mean, variance, Epsilon, c.Output(), batch, channels, space);
        Statistics.Propose(mean, variance, batch * space);
    }

    public override void Backward(NodeContext c)
    {
        var (batch, channels, space) = Sizes(c);
        if (Statistics is null || !c.IsTraining)
        {
            BatchNorm.Backward(c.Workers, c.Input(0), c.IsRectified ? c.Output() : default, c.OutputGradient(), c.Input(1), Mean(c), Variance(c),
                Epsilon, c.InputGradient(0), c.InputGradient(1), c.InputGradient(2), batch, channels, space);
            return;
        }
        var scale = c.Wants(1) ? c.InputGradient(1) : c.Workspace[..channels];
        var shift = c.Wants(2) ? c.InputGradient(2) : c.Workspace[channels..];
        BatchNorm.BackwardTraining(c.Input(0), c.OutputGradient(), c.Input(1), c.Saved[..channels], c.Saved[channels..], Epsilon,
            c.InputGradient(0), scale, shift, batch, channels, space);
    }

    ReadOnlySpan<float> Mean(NodeContext c) => Statistics is null ? c.Input(3) : Statistics.Mean;

    ReadOnlySpan<float> Variance(NodeContext c) => Statistics is null ? c.Input(4) : Statistics.Variance;

    internal override void ForwardAccesses(NodeAccesses c)
    {
        if (Statistics is null) c.StreamForward();
        else BatchNorm.ForwardTrainingAccesses(c.Stream, c.Input(0)!.Value, c.Output(), c.Node.Outputs[0].Shape.Count);
    }

    internal override void BackwardAccesses(NodeAccesses c)
    {
        var (dy, dx, floats) = (c.OutputGradient(), c.InputGradient(0), c.Node.Outputs[0].Shape.Count);
        if (Statistics is null)
            BatchNorm.BackwardAccesses(c.Stream, c.Input(0) ?? dy, c.IsRectified ? c.Output() : null, dy, dx, c.Wants(1), c.Wants(2), floats);
        else
            BatchNorm.BackwardTrainingAccesses(c.Stream, c.Input(0)!.Value, dy, dx, floats);
    }
}
