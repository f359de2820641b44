using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Softmax and LogSoftmax over the middle of [outer, n, inner].</summary>
sealed class SoftmaxOperator(bool logarithm, int outer, int n, int inner) : Operator
{
    public override string Type => logarithm ? "LogSoftmax" : "Softmax";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override bool BackwardReadsOutput => true;

    /// <summary>Every sample is normalized by itself, over all of its elements.</summary>
    public bool IsOverSamples(int batch) => outer == batch && inner == 1;

    public override void Forward(NodeContext c)
    {
        if (logarithm) LogSoftmax.Forward(c.Input(0), c.Output(), outer, n, inner);
        else Softmax.Forward(c.Input(0), c.Output(), outer, n, inner);
    }

    public override void Backward(NodeContext c)
    {
        if (logarithm) LogSoftmax.Backward(c.Output(), c.OutputGradient(), c.InputGradient(0), outer, n, inner);
        else Softmax.Backward(c.Output(), c.OutputGradient(), c.InputGradient(0), outer, n, inner);
    }
}
