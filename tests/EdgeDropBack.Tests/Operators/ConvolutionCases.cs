namespace EdgeDropBack.Tests.Operators;

static class ConvolutionCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("Conv plain", m => m.Op("Conv", m.Activation("x", [2, 3, 5, 6]), m.Weight("w", [4, 3, 3, 2]))),
        new("Conv bias", m =>
            m.Op("Conv", m.Activation("x", [2, 3, 5, 6]), m.Weight("w", [4, 3, 3, 3]), m.Weight("b", [4])).Ints("kernel_shape", 3, 3)
                .Ints("pads", 1, 1, 1, 1)),
        new("Conv strides", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 7, 6]), m.Weight("w", [3, 2, 3, 3])).Ints("strides", 2, 3).Ints("pads", 1, 0, 0, 2)),
        new("Conv dilations", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 7, 8]), m.Weight("w", [3, 2, 3, 2])).Ints("dilations", 2, 3).Ints("pads", 1, 1, 1, 1)),
        new("Conv strides and dilations", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 9, 8]), m.Weight("w", [2, 2, 2, 3])).Ints("dilations", 3, 2).Ints("strides", 2, 2)),
        new("Conv groups", m =>
            m.Op("Conv", m.Activation("x", [2, 4, 5, 5]), m.Weight("w", [6, 2, 3, 3]), m.Weight("b", [6])).Int("group", 2)),
        new("Conv depthwise", m =>
            m.Op("Conv", m.Activation("x", [2, 3, 5, 5]), m.Weight("w", [3, 1, 3, 3])).Int("group", 3).Ints("pads", 1, 1, 1, 1)),
        new("Conv depthwise multiplied", m =>
            m.Op("Conv", m.Activation("x", [1, 3, 5, 5]), m.Weight("w", [6, 1, 3, 3])).Int("group", 3).Ints("strides", 2, 2)),
        new("Conv pointwise", m => m.Op("Conv", m.Activation("x", [2, 3, 4, 4]), m.Weight("w", [5, 3, 1, 1]), m.Weight("b", [5]))),
        new("Conv same upper", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 5, 6]), m.Weight("w", [2, 2, 2, 3])).String("auto_pad", "SAME_UPPER")
                .Ints("strides", 2, 1)),
        new("Conv same lower", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 5, 6]), m.Weight("w", [2, 2, 2, 4])).String("auto_pad", "SAME_LOWER")
                .Ints("strides", 2, 2)),
        new("Conv valid", m => m.Op("Conv", m.Activation("x", [1, 2, 5, 6]), m.Weight("w", [2, 2, 3, 3])).String("auto_pad", "VALID")),
        new("Conv pads wider than the kernel", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 3, 3]), m.Weight("w", [2, 2, 2, 2])).Ints("pads", 2, 3, 3, 2)),
        new("Conv 1-D", m => m.Op("Conv", m.Activation("x", [2, 3, 8]), m.Weight("w", [4, 3, 3]), m.Weight("b", [4])).Ints("pads", 1, 1)),
        new("Conv 1-D strided, dilated, grouped", m =>
            m.Op("Conv", m.Activation("x", [2, 4, 12]), m.Weight("w", [4, 2, 3])).Int("group", 2).Ints("strides", 2).Ints("dilations", 2)
                .Ints("pads", 0, 3)),
        new("Conv 1-D depthwise", m =>
            m.Op("Conv", m.Activation("x", [1, 3, 9]), m.Weight("w", [3, 1, 5])).Int("group", 3).String("auto_pad", "SAME_UPPER")),
        new("Conv of activations", m =>
            m.Op("Conv", m.Activation("x", [2, 2, 4, 4]), m.Activation("w", [3, 2, 2, 2]), m.Activation("b", [3]))),
        new("Conv opset 7", m => m.Op("Conv", m.Activation("x", [1, 2, 5, 5]), m.Weight("w", [2, 2, 3, 3])).Ints("pads", 1, 1, 1, 1), 7),
        new("Conv 3-D", m => m.Op("Conv", m.Activation("x", [2, 2, 3, 4, 3]), m.Weight("w", [3, 2, 2, 3, 2]), m.Weight("b", [3]))),
        new("Conv 3-D strides, pads and dilations", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 5, 5, 4]), m.Weight("w", [2, 2, 2, 2, 3])).Ints("strides", 2, 1, 2).Ints("dilations", 2, 3, 1)
                .Ints("pads", 1, 0, 1, 2, 1, 0)),
        new("Conv 3-D groups", m =>
            m.Op("Conv", m.Activation("x", [1, 4, 3, 3, 3]), m.Weight("w", [6, 2, 2, 2, 2]), m.Weight("b", [6])).Int("group", 2)),
        new("Conv 3-D depthwise, same upper", m =>
            m.Op("Conv", m.Activation("x", [1, 3, 3, 3, 2]), m.Weight("w", [3, 1, 2, 3, 2])).Int("group", 3).String("auto_pad", "SAME_UPPER")),
        new("Conv 3-D of activations", m =>
            m.Op("Conv", m.Activation("x", [1, 2, 3, 3, 3]), m.Activation("w", [2, 2, 2, 2, 2]), m.Activation("b", [2]))),
        new("ConvTranspose 3-D", m => m.Op("ConvTranspose", m.Activation("x", [2, 2, 2, 3, 2]), m.Weight("w", [2, 3, 2, 3, 2]))),
        new("ConvTranspose 3-D strides, pads and bias", m =>
            m.Op("ConvTranspose", m.Activation("x", [1, 2, 3, 2, 3]), m.Weight("w", [2, 2, 3, 2, 3]), m.Weight("b", [2]))
            .Ints("strides", 2, 2, 1).Ints("pads", 1, 0, 1, 1, 1, 0).Ints("output_padding", 1, 1, 0)),
        new("ConvTranspose 3-D groups and dilations", m =>
            m.Op("ConvTranspose", m.Activation("x", [1, 4, 2, 2, 2]), m.Weight("w", [4, 2, 2, 2, 2]), m.Weight("b", [4]))
            .Int("group", 2).Ints("dilations", 2, 1, 3)),
        new("ConvTranspose 3-D output_shape", m => m.Op("ConvTranspose", m.Activation("x", [1, 1, 2, 3, 2]), m.Weight("w", [1, 2, 3, 3, 2]))
            .Ints("strides", 3, 2, 2).Ints("output_shape", 7, 7, 4)),
        new("ConvTranspose plain", m => m.Op("ConvTranspose", m.Activation("x", [2, 3, 3, 4]), m.Weight("w", [3, 2, 3, 2]))),
        new("ConvTranspose strides and bias", m =>
            m.Op("ConvTranspose", m.Activation("x", [1, 2, 3, 3]), m.Weight("w", [2, 3, 3, 3]), m.Weight("b", [3]))
            .Ints("strides", 2, 3)),
        new("ConvTranspose pads and output_padding", m =>
            m.Op("ConvTranspose", m.Activation("x", [1, 2, 3, 3]), m.Weight("w", [2, 2, 3, 3]))
            .Ints("strides", 2, 2).Ints("pads", 1, 1, 1, 0).Ints("output_padding", 1, 1)),
        new("ConvTranspose dilations", m =>
            m.Op("ConvTranspose", m.Activation("x", [1, 2, 3, 3]), m.Weight("w", [2, 2, 2, 2])).Ints("dilations", 2, 3)),
        new("ConvTranspose groups", m =>
            m.Op("ConvTranspose", m.Activation("x", [2, 4, 3, 3]), m.Weight("w", [4, 3, 2, 2]), m.Weight("b", [6]))
            .Int("group", 2)),
        new("ConvTranspose output_shape", m => m.Op("ConvTranspose", m.Activation("x", [1, 1, 3, 3]), m.Weight("w", [1, 2, 3, 3]))
            .Ints("strides", 3, 2).Ints("output_shape", 9, 7)),
        new("ConvTranspose same upper", m => m.Op("ConvTranspose", m.Activation("x", [1, 1, 3, 3]), m.Weight("w", [1, 2, 3, 3]))
            .Ints("strides", 2, 2).String("auto_pad", "SAME_UPPER")),
        new("ConvTranspose 1-D", m => m.Op("ConvTranspose", m.Activation("x", [2, 2, 4]), m.Weight("w", [2, 3, 3])).Ints("strides", 2)),
        new("ConvTranspose of activations", m =>
            m.Op("ConvTranspose", m.Activation("x", [1, 2, 3, 3]), m.Activation("w", [2, 2, 2, 2]), m.Activation("b", [2]))),
    ];
}
