using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX QuantizeLinear or DequantizeLinear of activations, or one after the other. Integers are carried as whole numbers. The gradient is that
/// of the straight-through estimator, zero where an element was clipped.
/// </summary>
sealed class QuantizationOperator(QuantizationForm form, Quantization quantization) : Operator
{
    public QuantizationForm Form => form;

    public Quantization Quantization => quantization;

    public override string Type => form switch
    {
        QuantizationForm.Quantize => "QuantizeLinear",
        QuantizationForm.Dequantize => "DequantizeLinear",
        _ => "QuantizeDequantize",
    };

    public override bool CanRunInPlace => true;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    /// <summary>One bit an element: whether it was clipped.</summary>
    public override int SavedFloats(Node node) => form == QuantizationForm.Dequantize ? 0
        : (ActivationQuantization.KeptBytes(node.Outputs[0].Shape.Count) + sizeof(float) - 1) / sizeof(float);

    public override void Forward(NodeContext c) => ActivationQuantization.Forward(c.Workers, form, quantization, c.Input(0), c.SavedBytes, c.Output());

    public override void Backward(NodeContext c)
        => ActivationQuantization.Backward(c.Workers, form, quantization, c.OutputGradient(), c.SavedBytes, c.InputGradient(0));
}
