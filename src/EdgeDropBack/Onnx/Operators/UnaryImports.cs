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

    public static void LeakyRelu(NodeImport n) => Emit(n, UnaryKind.LeakyRelu, n.Node.Float("alpha", 0.01f));

    public static void Elu(NodeImport n) => Emit(n, UnaryKind.Elu, n.Node.Float("alpha", 1f));

    public static void HardSigmoid(NodeImport n)
        => Emit(n, UnaryKind.HardSigmoid, n.Node.Float("alpha", 0.2f), n.Node.Float("beta", 0.5f));

    /// <summary>Bounds are attributes up to opset 10 and inputs from 11 on.</summary>
    public static void Clip(NodeImport n)
    {
        var min = n.Opset < 11 ? n.Node.Float("min", float.MinValue) : n.Has(1) ? n.Float(1) : float.MinValue;
        var max = n.Opset < 11 ? n.Node.Float("max", float.MaxValue) : n.Has(2) ? n.Float(2) : float.MaxValue;
        Emit(n, UnaryKind.Clip, min, max);
    }

    static void Emit(NodeImport n, UnaryKind kind, float alpha = 0f, float beta = 0f)
        => n.Emit(new UnaryOperator(n.Node.OpType, kind, alpha, beta), n.Shape(0), n.Value(0));
}
