using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>ONNX operators of one input that work element by element; defaults as in the operator specification.</summary>
static class UnaryImports
{
    public static void Relu(NodeImport n) => Emit(n, UnaryKind.Relu);

    public static void Sigmoid(NodeImport n) => Emit(n, UnaryKind.Sigmoid);

    public static void Tanh(NodeImport n) => Emit(n, UnaryKind.Tanh);

    public static void Softplus(NodeImport n) => Emit(n, UnaryKind.Softplus);

    public static void HardSwish(NodeImport n) => Emit(n, UnaryKind.HardSwish);

    public static void Abs(NodeImport n) => Emit(n, UnaryKind.Abs);

    public static void Neg(NodeImport n) => Emit(n, UnaryKind.Neg);

    public static void Exp(NodeImport n) => Emit(n, UnaryKind.Exp);

    public static void Log(NodeImport n) => Emit(n, UnaryKind.Log);

    public static void Sqrt(NodeImport n) => Emit(n, UnaryKind.Sqrt);

    public static void Reciprocal(NodeImport n) => Emit(n, UnaryKind.Reciprocal);

    public static void Erf(NodeImport n) => Emit(n, UnaryKind.Erf);

    public static void Mish(NodeImport n) => Emit(n, UnaryKind.Mish);

    public static void Softsign(NodeImport n) => Emit(n, UnaryKind.Softsign);

    public static void Sign(NodeImport n) => Emit(n, UnaryKind.Sign);

    public static void Floor(NodeImport n) => Emit(n, UnaryKind.Floor);

    public static void Ceil(NodeImport n) => Emit(n, UnaryKind.Ceil);

    public static void Round(NodeImport n) => Emit(n, UnaryKind.Round);

    public static void Gelu(NodeImport n) => Emit(n, n.Node.String("approximate", "none") switch
    {
        "none" => UnaryKind.Gelu,
        "tanh" => UnaryKind.GeluTanh,
        var other => throw EdbException.Refused($"approximate is '{other}', expected none or tanh"),
    });

    public static void Swish(NodeImport n) => Emit(n, UnaryKind.Swish, n.Node.Float("alpha", 1f));

    public static void Selu(NodeImport n)
        => Emit(n, UnaryKind.Selu, Positive(n, "alpha", 1.67326319f), Positive(n, "gamma", 1.05070102f));

    public static void Celu(NodeImport n) => Emit(n, UnaryKind.Celu, Positive(n, "alpha", 1f));

    public static void ThresholdedRelu(NodeImport n) => Emit(n, UnaryKind.ThresholdedRelu, n.Node.Float("alpha", 1f));

    public static void Shrink(NodeImport n) => Emit(n, UnaryKind.Shrink, n.Node.Float("lambd", 0.5f), n.Node.Float("bias", 0f));

    public static void LeakyRelu(NodeImport n) => Emit(n, UnaryKind.LeakyRelu, Positive(n, "alpha", 0.01f));

    public static void Elu(NodeImport n) => Emit(n, UnaryKind.Elu, Positive(n, "alpha", 1f));

    public static void HardSigmoid(NodeImport n)
        => Emit(n, UnaryKind.HardSigmoid, n.Node.Float("alpha", 0.2f), n.Node.Float("beta", 0.5f));

    /// <summary>Bounds are attributes up to opset 10 and inputs from 11 on.</summary>
    public static void Clip(NodeImport n)
    {
        var min = n.Opset < 11 ? n.Node.Float("min", float.MinValue) : n.Has(1) ? n.Float(1) : float.MinValue;
        var max = n.Opset < 11 ? n.Node.Float("max", float.MaxValue) : n.Has(2) ? n.Float(2) : float.MaxValue;
        n.Emit(n.Type(0), new UnaryOperator("Clip", UnaryKind.Clip, min, max), n.Shape(0), n.AnyValue(0));
    }

    /// <summary>The backward tells the branches apart by the sign of the output.</summary>
    static float Positive(NodeImport n, string attribute, float absent)
    {
        var value = n.Node.Float(attribute, absent);
        ImportShapes.Expect(value >= 0f, $"{attribute} is {value}; only slopes of 0 and more are supported");
        return value;
    }

    static void Emit(NodeImport n, UnaryKind kind, float alpha = 0f, float beta = 0f)
    {
        if (n.CanFold() && ConstantFolding.Unary(kind, n.Constant(0)) is { } folded) n.Fold(folded);
        else n.Emit(new UnaryOperator(n.Node.OpType, kind, alpha, beta), n.Shape(0), n.Value(0));
    }
}
