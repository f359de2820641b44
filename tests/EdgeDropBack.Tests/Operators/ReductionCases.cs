namespace EdgeDropBack.Tests.Operators;

static class ReductionCases
{
    public static IEnumerable<GradientCase> All =>
    [
        .. Reduction("ReduceMean", -2f),
        .. Reduction("ReduceMax", -2f), .. Reduction("ReduceMin", -2f), .. Reduction("ReduceProd", 0.5f), .. Reduction("ReduceL1", -2f),
        .. Reduction("ReduceL2", -2f), .. Reduction("ReduceLogSum", 0.5f), .. Reduction("ReduceLogSumExp", -2f),
            .. Reduction("ReduceSumSquare", -2f),
        new("ReduceSum axes input", m => m.Op("ReduceSum", m.Activation("x", [2, 3, 4]), m.Ints("axes", 1)), 13),
        new("ReduceSum axes attribute", m => m.Op("ReduceSum", m.Activation("x", [2, 3, 4])).Ints("axes", 0, 2).Int("keepdims", 0), 11),
        new("ReduceSum all", m => m.Op("ReduceSum", m.Activation("x", [2, 3]))),
        new("ReduceMax axes input", m => m.Op("ReduceMax", m.Activation("x", [2, 3, 4]), m.Ints("axes", -1)), 18),
        new("ReduceL2 axes input", m => m.Op("ReduceL2", m.Activation("x", [2, 3, 4]), m.Ints("axes", 1)).Int("keepdims", 0), 18),
        .. Loss("none"), .. Loss("sum"), .. Loss("mean"),
        new("ReduceMean axes input", m => m.Op("ReduceMean", m.Activation("x", [2, 3, 4]), m.Ints("axes", 1, -1)).Int("keepdims", 0), 18),
        new("ReduceMean all by opset 18", m => m.Op("ReduceMean", m.Activation("x", [2, 3, 4])), 18),
        new("ReduceMean noop", m => m.Op("ReduceMean", m.Activation("x", [2, 3, 4])).Int("noop_with_empty_axes", 1), 18),
        .. Singles("ReduceL1", -2f), .. Singles("ReduceL2", -2f), .. Singles("ReduceSumSquare", -2f), .. Singles("ReduceLogSum", 0.5f),
        .. Singles("ReduceLogSumExp", -2f), .. Singles("ReduceMax", -2f), .. Singles("ReduceProd", -2f),
        .. Softmax("Softmax"), .. Softmax("LogSoftmax"),
    ];

    static IEnumerable<GradientCase> Singles(string type, float low) =>
    [
        new($"{type} of single elements", m => m.Op(type, m.Activation("x", [2, 3], low), m.Ints("axes")).Int("noop_with_empty_axes", 1), 20),
    ];

    static IEnumerable<GradientCase> Reduction(string type, float low) =>
    [
        new($"{type} space", m => m.Op(type, m.Activation("x", [2, 3, 4, 2], low)).Ints("axes", 2, 3)),
        new($"{type} space without keepdims", m =>
            m.Op(type, m.Activation("x", [2, 3, 4, 2], low)).Ints("axes", -1, -2).Int("keepdims", 0), 11),
        new($"{type} first axis", m => m.Op(type, m.Activation("x", [3, 5], low)).Ints("axes", 0), 7),
        new($"{type} middle axis", m => m.Op(type, m.Activation("x", [2, 3, 4], low)).Ints("axes", 1)),
        new($"{type} outer axes", m => m.Op(type, m.Activation("x", [2, 3, 4], low)).Ints("axes", 0, 2)),
        new($"{type} all", m => m.Op(type, m.Activation("x", [2, 3], low))),
        new($"{type} all without keepdims", m => m.Op(type, m.Activation("x", [2, 3], low)).Int("keepdims", 0)),
    ];

    static IEnumerable<GradientCase> Loss(string reduction) =>
    [
        new($"SoftmaxCrossEntropyLoss {reduction}", m =>
            m.Op("SoftmaxCrossEntropyLoss", m.Activation("x", [3, 4]), m.Ints("labels", 2, 0, 3))
            .String("reduction", reduction)),
        new($"SoftmaxCrossEntropyLoss {reduction}, weights and space", m =>
        {
            m.Node("Constant", [], "labels").Tensor("value", [1L, 0, 2, 2, 1, 0], 2, 3);
            m.Op("SoftmaxCrossEntropyLoss", m.Activation("x", [2, 3, 3]), "labels", Weights(m)).String("reduction", reduction)
                    .Int("ignore_index", 0);
        }),
        new($"NegativeLogLikelihoodLoss {reduction}", m =>
        {
            m.Node("LogSoftmax", [m.Activation("x", [3, 3])], "l");
            m.Op("NegativeLogLikelihoodLoss", "l", m.Ints("labels", 2, -7, 1), Weights(m)).String("reduction", reduction)
                    .Int("ignore_index", -7);
        }),
    ];

    /// <summary>One constant number a class: an initializer would be trained.</summary>
    static string Weights(CaseModel m)
    {
        m.Node("Constant", [], "weights").Floats("value_floats", 0.5f, 1.5f, 2f);
        return "weights";
    }

    static IEnumerable<GradientCase> Softmax(string type) =>
    [
        new($"{type} last axis", m => m.Op(type, m.Activation("x", [3, 5]))),
        new($"{type} first axis", m => m.Op(type, m.Activation("x", [3, 5])).Int("axis", 0)),
        new($"{type} channels", m => m.Op(type, m.Activation("x", [2, 3, 4])).Int("axis", 1)),
        new($"{type} negative axis", m => m.Op(type, m.Activation("x", [2, 3, 4])).Int("axis", -2)),
        new($"{type} by the old rule", m => m.Op(type, m.Activation("x", [2, 3, 2])).Int("axis", 1), 11),
        new($"{type} by the old rule and default", m => m.Op(type, m.Activation("x", [2, 3, 2])), 7),
        new($"{type} by the old rule from axis 2", m => m.Op(type, m.Activation("x", [2, 3, 2])).Int("axis", 2), 12),
    ];
}
