namespace EdgeDropBack.Tests.Operators;

/// <summary>Forms of the newest operator sets that have no gradient to check: whole numbers, empty sets, bounds that cross.</summary>
static class ForwardCases
{
    static readonly string[] s_sums = ["ReduceSum", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceProd", "ReduceMax", "ReduceMin", "ReduceLogSum", "ReduceLogSumExp"];

    public static IEnumerable<GradientCase> All =>
    [
        .. s_sums.Select(type => new GradientCase($"{type} of an empty set", m => m.Op(type, m.Weight("x", [2, 0, 4]), m.Ints("axes", 1)), 20)),
        new("Clip with bounds that cross", m => m.Op("Clip", m.Activation("x", [2, 3]), m.Scalar("min", 1f), m.Scalar("max", -0.5f)), 13),
        new("Split into unequal parts", m => m.Node("Split", [m.Activation("x", [7, 2])], "a", "b", "y").Int("num_outputs", 3), 18),
        new("Reshape of nothing", m => m.Op("Reshape", m.Weight("x", [0, 3, 4]), m.Ints("s", 3, 4, 0)).Int("allowzero", 1), 21),
        new("Pad wrap on negative axes", m =>
            m.Op("Pad", m.Activation("x", [2, 3, 4]), m.Ints("pads", 3, 1, 2, 4), "", m.Ints("axes", -1, -2)).String("mode", "wrap"), 21),
        new("Pad reflect", m => m.Op("Pad", m.Activation("x", [1, 4, 3]), m.Ints("pads", 0, 3, 2, 0, 1, 1)).String("mode", "reflect"), 21),
        new("AveragePool whose last window starts in the padding", m =>
            m.Op("AveragePool", m.Activation("x", [1, 3, 2, 2])).Ints("kernel_shape", 3, 3).Ints("strides", 3, 3).Ints("pads", 1, 1, 1, 1)
                .Int("ceil_mode", 1).Int("count_include_pad", 1), 22),
        new("AveragePool 3-D, large windows", m =>
            m.Op("AveragePool", m.Activation("x", [1, 1, 9, 9, 9])).Ints("kernel_shape", 5, 5, 5).Ints("strides", 3, 3, 3).Ints("dilations", 2, 2, 2)
                .Int("ceil_mode", 1).Int("count_include_pad", 0), 22),
        new("MaxPool ceil_mode, a window less", m => m.Op("MaxPool", m.Activation("x", [1, 1, 2, 2])).Ints("kernel_shape", 1, 1).Ints("strides", 2, 2)
            .Int("ceil_mode", 1), 22),
        new("Max of whole numbers", m =>
        {
            m.Node("Max", [m.Ints("a", 1, -5, 7), m.Ints("b", 2, -6, 7)], "i");
            m.Op("Cast", "i").Int("to", 1);
        }, 13),
        new("Div of whole numbers", m =>
        {
            m.Node("Div", [m.Ints("a", 7, -7, 8), m.Ints("b", 2, 2, -3)], "i");
            m.Op("Cast", "i").Int("to", 1);
        }, 14),
        new("Cast rounds halves to even", m =>
        {
            m.Node("Cast", [m.Activation("x", [2, 40], -300f, 300f)], "h").Int("to", 10);
            m.Op("Cast", "h").Int("to", 1);
        }, 21),
        new("Slice backwards", m => m.Op("Slice", m.Activation("x", [4, 5]), m.Ints("from", -1, 4), m.Ints("to", -100, 0), m.Ints("axes", 0, -1), m.Ints("step", -2, -1)), 13),
        new("ArgMax, the last of equals", m =>
        {
            m.Node("Round", [m.Activation("x", [3, 8])], "r");
            m.Node("ArgMax", ["r"], "i").Int("axis", 1).Int("select_last_index", 1).Int("keepdims", 0);
            m.Op("Cast", "i").Int("to", 1);
        }, 13),
    ];
}
