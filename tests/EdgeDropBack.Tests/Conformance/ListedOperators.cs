namespace EdgeDropBack.Tests.Conformance;

/// <summary>The operators that the program promises, forward and backward.</summary>
static class ListedOperators
{
    /// <summary>Why a test of nothing but such operators may be missing all the same.</summary>
    public static readonly string[] GoodReasons =
    [
        ConformanceReport.Strings, ConformanceReport.Sequences,
        "dropout is off while inferring, and its masks are not numpy's",
        "batch norm in training mode is evaluated with its running statistics, the vectors take the batch's",
        "the vectors cut bits off where the specification rounds to nearest",
        "the vectors divide by scale x length - 1 where the specification has the resized length - 1",
    ];

    public static readonly IReadOnlySet<string> All = (
        "Abs Add ArgMax AveragePool BatchNormalization Cast Celu Clip Concat Constant Conv ConvTranspose DepthToSpace Div Dropout Elu Erf Exp "
        + "Expand Flatten Gather Gelu Gemm GlobalAveragePool GlobalMaxPool GroupNormalization HardSigmoid HardSwish Identity "
        + "InstanceNormalization LRN LayerNormalization LeakyRelu Log LogSoftmax LpPool MatMul Max MaxPool Mean Min Mish Mul Neg "
        + "NegativeLogLikelihoodLoss PRelu Pad Pow RMSNormalization Reciprocal ReduceL1 ReduceL2 ReduceLogSumExp ReduceMax ReduceMean "
        + "ReduceMin ReduceProd ReduceSum Relu Reshape Resize Selu Shape Shrink Sigmoid Slice Softmax SoftmaxCrossEntropyLoss Softplus "
        + "Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh ThresholdedRelu Tile Transpose Unsqueeze Upsample Where")
        .Split(' ').ToHashSet(StringComparer.Ordinal);
}
