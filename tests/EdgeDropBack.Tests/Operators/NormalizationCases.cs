namespace EdgeDropBack.Tests.Operators;

static class NormalizationCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("BatchNormalization 2-D", m => m.Op("BatchNormalization", BatchNorm(m, [2, 3, 2, 2]))),
        new("BatchNormalization 1-D", m => m.Op("BatchNormalization", BatchNorm(m, [2, 3, 5])).Float("epsilon", 0.01f)),
        new("BatchNormalization of features", m => m.Op("BatchNormalization", BatchNorm(m, [4, 3]))),
        new("BatchNormalization opset 14", m =>
            m.Op("BatchNormalization", BatchNorm(m, [2, 3, 2])).Float("momentum", 0.8f).Int("training_mode", 0), 14),
        new("BatchNormalization opset 7", m => m.Op("BatchNormalization", BatchNorm(m, [2, 3, 2])), 7),
        new("BatchNormalization opset 6", m => m.Op("BatchNormalization", BatchNorm(m, [2, 3, 2])).Int("is_test", 1).Int("spatial", 1), 6),
        new("BatchNormalization opset 9", m => m.Op("BatchNormalization", BatchNorm(m, [2, 3, 2])).Float("momentum", 0.9f), 9),
        new("LayerNormalization", m => m.Op("LayerNormalization", m.Activation("x", [2, 3, 6]), Scale(m, 6), m.Weight("b", [6]))),
        new("LayerNormalization without shift", m =>
            m.Op("LayerNormalization", m.Activation("x", [3, 6]), Scale(m, 6)).Float("epsilon", 0.01f)),
        new("LayerNormalization axis", m =>
            m.Op("LayerNormalization", m.Activation("x", [2, 3, 4]), m.Weight("s", [3, 4]), m.Activation("b", [3, 4])).Int("axis", 1)),
        new("LayerNormalization broadcast scale", m =>
            m.Op("LayerNormalization", m.Activation("x", [2, 3, 4]), Scale(m, 4), m.Weight("b", [4])).Int("axis", -2)),
        new("InstanceNormalization", m => m.Op("InstanceNormalization", m.Activation("x", [2, 3, 2, 3]), Scale(m, 3), m.Weight("b", [3]))),
        new("InstanceNormalization 1-D", m =>
            m.Op("InstanceNormalization", m.Activation("x", [2, 3, 6]), Scale(m, 3), m.Weight("b", [3])).Float("epsilon", 0.01f), 7),
        new("GroupNormalization per group", m =>
            m.Op("GroupNormalization", m.Activation("x", [2, 4, 3]), Scale(m, 2), m.Weight("b", [2])).Int("num_groups", 2), 18),
        new("GroupNormalization per channel", m =>
            m.Op("GroupNormalization", m.Activation("x", [2, 4, 2, 2]), Scale(m, 4), m.Weight("b", [4])).Int("num_groups", 2), 21),
        new("RMSNormalization", m => m.Op("RMSNormalization", m.Activation("x", [2, 3, 6]), Scale(m, 6)), 23),
        new("RMSNormalization axis", m =>
            m.Op("RMSNormalization", m.Activation("x", [2, 3, 4]), m.Weight("s", [3, 4])).Int("axis", 1).Float("epsilon", 0.1f), 23),
        new("LRN", m =>
            m.Op("LRN", m.Activation("x", [2, 5, 2, 2])).Int("size", 3).Float("alpha", 0.4f).Float("beta", 0.7f).Float("bias", 1.3f)),
        new("LRN even window", m => m.Op("LRN", m.Activation("x", [1, 6, 3])).Int("size", 4).Float("alpha", 0.9f)),
        new("LRN defaults", m => m.Op("LRN", m.Activation("x", [2, 5, 2])).Int("size", 5), 7),
    ];

    static string Scale(CaseModel m, long length) => m.Weight("s", [length], 0.5f, 1.6f);

    static string[] BatchNorm(CaseModel m, long[] x)
        => [m.Activation("x", x), m.Weight("scale", [3], 0.5f, 1.5f), m.Weight("shift", [3]), m.Weight("mean", [3]), m.Weight("var", [3],
            0.5f, 2f)];
}
