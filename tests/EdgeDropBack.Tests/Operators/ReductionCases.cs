namespace EdgeDropBack.Tests.Operators;

static class ReductionCases
{
    public static IEnumerable<GradientCase> All =>
    [
        .. Reduction("ReduceMean", -2f),
        new("ReduceMean axes input", m => m.Op("ReduceMean", m.Activation("x", [2, 3, 4]), m.Ints("axes", 1, -1)).Int("keepdims", 0), 18),
        new("ReduceMean all by opset 18", m => m.Op("ReduceMean", m.Activation("x", [2, 3, 4])), 18),
        new("ReduceMean noop", m => m.Op("ReduceMean", m.Activation("x", [2, 3, 4])).Int("noop_with_empty_axes", 1), 18),
        .. Softmax("Softmax"), .. Softmax("LogSoftmax"),
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
