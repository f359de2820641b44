using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>Ways in which a parameter reaches the operators that read it.</summary>
static class ParameterCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("QuantizeLinear and DequantizeLinear around a weight", m =>
        {
            m.Scalar("scale", 0.02f);
            m.Node("QuantizeLinear", [m.Weight("w", [4, 5], 0.1f, 2f), "scale"], "q");
            m.Node("DequantizeLinear", ["q", "scale"], "d");
            m.Op("MatMul", m.Activation("x", [3, 4]), "d");
        }),
        new("a weight of two layers", m =>
        {
            m.Weight("w", [4, 4]);
            m.Node("MatMul", [m.Activation("x", [3, 4], -1f, 1f), "w"], "h");
            m.Node("Tanh", ["h"], "a");
            m.Op("MatMul", "a", "w");
        }),
        new("tied weights, once transposed", m =>
        {
            m.Weight("w", [4, 5], -1f, 1f);
            m.Node("MatMul", [m.Activation("x", [3, 4], -1f, 1f), "w"], "h");
            m.Node("Tanh", ["h"], "a");
            m.Node("Transpose", ["w"], "wt").Ints("perm", 1, 0);
            m.Op("MatMul", "a", "wt");
        }),
        new("tied weights by transB", m =>
        {
            m.Weight("w", [4, 5], -1f, 1f);
            m.Node("Gemm", [m.Activation("x", [3, 4], -1f, 1f), "w"], "h");
            m.Op("Gemm", "h", "w").Int("transB", 1);
        }),
        new("a transposed weight", m =>
        {
            m.Node("Transpose", [m.Weight("w", [5, 4])], "wt");
            m.Op("MatMul", m.Activation("x", [3, 4]), "wt");
        }),
        new("a weight transposed twice", m =>
        {
            m.Node("Transpose", [m.Weight("w", [4, 5])], "wt").Ints("perm", 1, 0);
            m.Node("Transpose", ["wt"], "w2").Ints("perm", 1, 0);
            m.Op("MatMul", m.Activation("x", [3, 4]), "w2");
        }),
        new("a transposed weight under Gemm with transB", m =>
        {
            m.Node("Transpose", [m.Weight("w", [4, 5])], "wt");
            m.Op("Gemm", m.Activation("x", [3, 4]), "wt", m.Weight("b", [5])).Int("transB", 1);
        }),
        new("a transposed weight in an Add", m =>
        {
            m.Node("Transpose", [m.Weight("w", [4, 3])], "wt");
            m.Op("Add", m.Activation("x", [3, 4]), "wt");
        }),
        new("a transposed weight on the left", m =>
        {
            m.Node("Transpose", [m.Weight("w", [4, 3])], "wt");
            m.Op("MatMul", "wt", m.Activation("x", [4, 5]));
        }),
        new("a reshaped weight", m =>
        {
            m.Node("Reshape", [m.Weight("w", [20]), m.Ints("s", 4, 5)], "wr");
            m.Op("MatMul", m.Activation("x", [3, 4]), "wr");
        }),
        new("a reshaped bias", m =>
        {
            m.Node("Unsqueeze", [m.Weight("b", [3]), m.Ints("axes", 1, 2)], "br");
            m.Op("Add", m.Activation("x", [2, 3, 2, 2]), "br");
        }),
        new("a weight behind Identity", m =>
        {
            m.Node("Identity", [m.Weight("w", [4, 5])], "wi");
            m.Op("MatMul", m.Activation("x", [3, 4]), "wi");
        }),
        new("a weight and its Identity", m =>
        {
            m.Node("Identity", [m.Weight("w", [4, 4])], "wi");
            m.Node("MatMul", [m.Activation("x", [3, 4], -1f, 1f), "wi"], "h");
            m.Op("MatMul", "h", "w");
        }),
        new("a weight from a Constant node", m =>
        {
            m.Node("Constant", [], "w").Tensor("value", m.Values(20, -2f, 2f), 4, 5);
            m.Op("MatMul", m.Activation("x", [3, 4]), "w");
        }),
        new("a bias from a Constant node with floats", m =>
        {
            m.Node("Constant", [], "b").Floats("value_floats", 0.5f, -1f, 2f);
            m.Op("Add", m.Activation("x", [4, 3]), "b");
        }),
        new("fp16 weights", m => m.Op("MatMul", m.Activation("x", [3, 4]), m.Weight("w", OnnxDataType.Float16, [4, 5]))),
        new("bf16 weights", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", OnnxDataType.BFloat16, [5, 4])).Int("transB", 1)),
        new("fp16 bias", m => m.Op("Add", m.Activation("x", [3, 4]), m.Weight("b", OnnxDataType.Float16, [4]))),
        new("fp16 convolution", m => m.Op("Conv", m.Activation("x", [1, 2, 4, 4]), m.Weight("w", OnnxDataType.Float16, [2, 2, 3, 3]))),
        new("fp16 weights behind a Cast", m =>
        {
            m.Node("Cast", [m.Weight("w", OnnxDataType.Float16, [4, 5])], "wf").Int("to", 1);
            m.Op("MatMul", m.Activation("x", [3, 4]), "wf");
        }),
        new("a weight that is computed from two", m =>
        {
            m.Node("Mul", [m.Weight("w", [4, 5]), m.Weight("g", [1, 5], 0.5f, 1.5f)], "wg");
            m.Op("MatMul", m.Activation("x", [3, 4]), "wg");
        }),
        new("a convolution's weights used twice", m =>
        {
            m.Weight("w", [2, 2, 3, 3], -0.5f, 0.5f);
            m.Node("Conv", [m.Activation("x", [1, 2, 5, 5]), "w"], "h").Ints("pads", 1, 1, 1, 1);
            m.Node("Sigmoid", ["h"], "a");
            m.Op("Conv", "a", "w");
        }),
        new("a residual block", m =>
        {
            m.Activation("x", [2, 4], -1f, 1f);
            m.Node("Gemm", ["x", m.Weight("w1", [4, 4], -1f, 1f), m.Weight("b1", [4])], "h");
            m.Node("Relu", ["h"], "a");
            m.Node("Gemm", ["a", m.Weight("w2", [4, 4], -1f, 1f), m.Weight("b2", [4])], "g");
            m.Node("Add", ["g", "x"], "s");
            m.Op("Relu", "s");
        }),
    ];
}
