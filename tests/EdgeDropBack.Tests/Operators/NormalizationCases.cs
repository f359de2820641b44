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
    ];

    static string[] BatchNorm(CaseModel m, long[] x)
        => [m.Activation("x", x), m.Weight("scale", [3], 0.5f, 1.5f), m.Weight("shift", [3]), m.Weight("mean", [3]), m.Weight("var", [3],
            0.5f, 2f)];
}
