namespace EdgeDropBack.Onnx;

/// <summary>The operators that can be imported: one flat list, name to function.</summary>
static class OperatorRegistry
{
    static readonly Dictionary<string, Action<NodeImport>> s_imports = new(StringComparer.Ordinal)
    {
        ["Add"] = BinaryImports.Add,
        ["AveragePool"] = PoolImports.AveragePool,
        ["BatchNormalization"] = BatchNormalizationImport.Import,
        ["Cast"] = FoldingImports.Cast,
        ["Clip"] = UnaryImports.Clip,
        ["Concat"] = ConcatImport.Import,
        ["Constant"] = FoldingImports.Constant,
        ["ConstantOfShape"] = FoldingImports.ConstantOfShape,
        ["Conv"] = ConvImport.Import,
        ["Div"] = BinaryImports.Div,
        ["Dropout"] = DropoutImport.Import,
        ["Elu"] = UnaryImports.Elu,
        ["Flatten"] = ViewImports.Flatten,
        ["Gather"] = FoldingImports.Gather,
        ["Gemm"] = GemmImports.Gemm,
        ["GlobalAveragePool"] = PoolImports.GlobalAveragePool,
        ["HardSigmoid"] = UnaryImports.HardSigmoid,
        ["HardSwish"] = UnaryImports.HardSwish,
        ["Identity"] = ViewImports.Identity,
        ["LeakyRelu"] = UnaryImports.LeakyRelu,
        ["LogSoftmax"] = SoftmaxImports.LogSoftmax,
        ["MatMul"] = GemmImports.MatMul,
        ["MaxPool"] = PoolImports.MaxPool,
        ["Mul"] = BinaryImports.Mul,
        ["PRelu"] = BinaryImports.PRelu,
        ["Range"] = FoldingImports.Range,
        ["ReduceMean"] = ReduceImports.Mean,
        ["Relu"] = UnaryImports.Relu,
        ["Reshape"] = ViewImports.Reshape,
        ["Shape"] = FoldingImports.Shape,
        ["Sigmoid"] = UnaryImports.Sigmoid,
        ["Slice"] = FoldingImports.Slice,
        ["Softmax"] = SoftmaxImports.Softmax,
        ["Softplus"] = UnaryImports.Softplus,
        ["Squeeze"] = ViewImports.Squeeze,
        ["Sub"] = BinaryImports.Sub,
        ["Tanh"] = UnaryImports.Tanh,
        ["Transpose"] = TransposeImport.Import,
        ["Unsqueeze"] = ViewImports.Unsqueeze,
    };

    /// <summary>Names that are known, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_imports.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The function for an operator of the standard domain; null where there is none.</summary>
    public static Action<NodeImport>? Find(string domain, string opType)
        => domain is "" or "ai.onnx" ? s_imports.GetValueOrDefault(opType) : null;
}
