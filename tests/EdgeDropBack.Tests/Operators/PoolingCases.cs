namespace EdgeDropBack.Tests.Operators;

static class PoolingCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("MaxPool 2x2", m => m.Op("MaxPool", m.Activation("x", [2, 2, 4, 6])).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2)),
        new("MaxPool overlapping", m =>
            m.Op("MaxPool", m.Activation("x", [1, 2, 5, 6])).Ints("kernel_shape", 3, 3).Ints("pads", 1, 1, 1, 1)),
        new("MaxPool ceil_mode", m =>
            m.Op("MaxPool", m.Activation("x", [1, 2, 5, 6])).Ints("kernel_shape", 2, 3).Ints("strides", 2, 2).Int("ceil_mode", 1), 11),
        new("MaxPool dilations", m => m.Op("MaxPool", m.Activation("x", [1, 2, 6, 7])).Ints("kernel_shape", 2, 3).Ints("dilations", 2, 2)),
        new("MaxPool same upper", m =>
            m.Op("MaxPool", m.Activation("x", [1, 2, 5, 5])).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2)
                .String("auto_pad", "SAME_UPPER")),
        new("MaxPool same lower", m =>
            m.Op("MaxPool", m.Activation("x", [1, 2, 5, 5])).Ints("kernel_shape", 3, 2).String("auto_pad", "SAME_LOWER")),
        new("MaxPool 1-D", m =>
            m.Op("MaxPool", m.Activation("x", [2, 3, 9])).Ints("kernel_shape", 3).Ints("strides", 2).Ints("pads", 1, 0)),
        new("MaxPool opset 8", m => m.Op("MaxPool", m.Activation("x", [1, 2, 4, 4])).Ints("kernel_shape", 2, 2), 8),
        new("AveragePool plain", m =>
            m.Op("AveragePool", m.Activation("x", [2, 2, 5, 6])).Ints("kernel_shape", 2, 3).Ints("strides", 1, 2)),
        new("AveragePool pads", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 5, 5])).Ints("kernel_shape", 3, 3).Ints("pads", 1, 0, 2, 1)),
        new("AveragePool count_include_pad", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 5, 5])).Ints("kernel_shape", 3, 3).Ints("pads", 1, 1, 1, 1)
                .Int("count_include_pad", 1)),
        new("AveragePool ceil_mode", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 5, 6])).Ints("kernel_shape", 2, 3).Ints("strides", 2, 2).Int("ceil_mode", 1)),
        new("AveragePool ceil_mode with pads", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 6, 6])).Ints("kernel_shape", 3, 3).Ints("strides", 2, 2)
                .Ints("pads", 1, 1, 1, 1).Int("ceil_mode", 1).Int("count_include_pad", 1)),
        new("AveragePool same upper", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 5, 5])).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2)
                .String("auto_pad", "SAME_UPPER")),
        new("AveragePool 1-D", m =>
            m.Op("AveragePool", m.Activation("x", [2, 3, 9])).Ints("kernel_shape", 3).Ints("strides", 2).Ints("pads", 1, 1)),
        new("AveragePool opset 7", m => m.Op("AveragePool", m.Activation("x", [1, 2, 4, 4])).Ints("kernel_shape", 2, 2), 7),
        new("GlobalAveragePool 2-D", m => m.Op("GlobalAveragePool", m.Activation("x", [2, 3, 4, 5]))),
        new("GlobalAveragePool 1-D", m => m.Op("GlobalAveragePool", m.Activation("x", [2, 3, 7]))),
        new("GlobalAveragePool 3-D", m => m.Op("GlobalAveragePool", m.Activation("x", [2, 2, 2, 3, 2]))),
    ];
}
