using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX Dropout: the identity, except in training steps of models that are trained from a seed; the mask is recomputed, never stored.</summary>
sealed class DropoutOperator(float ratio, uint stream) : Operator
{
    public override string Type => "Dropout";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override void Forward(NodeContext c)
    {
        if (c.IsTraining) Dropout.Forward(c.Input(0), c.Output(), ratio, c.Seed, stream, (ulong)c.Step << 32);
        else c.Input(0).CopyTo(c.Output());
    }

    public override void Backward(NodeContext c)
        => Dropout.Backward(c.OutputGradient(), c.InputGradient(0), ratio, c.Seed, stream, (ulong)c.Step << 32);
}
