using EdgeDropBack.Onnx;

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
        new("GlobalMaxPool 2-D", m => m.Op("GlobalMaxPool", m.Activation("x", [2, 3, 4, 3]))),
        new("GlobalMaxPool 1-D", m => m.Op("GlobalMaxPool", m.Activation("x", [2, 3, 7]))),
        new("MaxPool with Indices", m => m.Node("MaxPool", [m.Activation("x", [1, 2, 4, 4])], "y", "i").Ints("kernel_shape", 2, 2)),
        new("LpPool 2", m => m.Op("LpPool", m.Activation("x", [1, 2, 5, 5])).Ints("kernel_shape", 2, 3).Ints("strides", 2, 1)),
        new("LpPool 1", m =>
            m.Op("LpPool", m.Activation("x", [1, 2, 4, 4])).Ints("kernel_shape", 2, 2).Int("p", 1).Ints("pads", 1, 1, 0, 0)),
        new("LpPool 3", m => m.Op("LpPool", m.Activation("x", [1, 2, 8])).Ints("kernel_shape", 3).Int("p", 3).Ints("dilations", 2), 18),
        new("GlobalLpPool", m => m.Op("GlobalLpPool", m.Activation("x", [2, 2, 3, 3])).Int("p", 2)),
        new("MaxPool 3-D", m => m.Op("MaxPool", m.Activation("x", [1, 2, 4, 4, 5])).Ints("kernel_shape", 2, 2, 3).Ints("strides", 2, 1, 2)),
        new("MaxPool 3-D pads, dilations and ceil_mode", m =>
            m.Op("MaxPool", m.Activation("x", [1, 1, 5, 4, 5])).Ints("kernel_shape", 2, 2, 2).Ints("strides", 2, 2, 2).Ints("dilations", 2, 1, 2)
                .Ints("pads", 1, 0, 1, 0, 1, 1).Int("ceil_mode", 1)),
        new("AveragePool 3-D", m => m.Op("AveragePool", m.Activation("x", [2, 2, 3, 4, 4])).Ints("kernel_shape", 2, 3, 2)),
        new("AveragePool 3-D dilations, counting pads", m =>
            m.Op("AveragePool", m.Activation("x", [1, 1, 5, 4, 6])).Ints("kernel_shape", 3, 2, 2).Ints("dilations", 2, 1, 2).Ints("strides", 1, 2, 2)
                .Ints("pads", 1, 1, 0, 1, 0, 1).Int("ceil_mode", 1).Int("count_include_pad", 1), 19),
        new("AveragePool 3-D same lower", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 3, 3, 4])).Ints("kernel_shape", 2, 2, 3).String("auto_pad", "SAME_LOWER")),
        new("AveragePool dilations", m =>
            m.Op("AveragePool", m.Activation("x", [1, 2, 6, 5])).Ints("kernel_shape", 2, 2).Ints("dilations", 2, 3).Ints("pads", 1, 1, 0, 0), 19),
        new("LpPool 3-D", m => m.Op("LpPool", m.Activation("x", [1, 2, 3, 3, 4])).Ints("kernel_shape", 2, 2, 2).Int("p", 3).Ints("strides", 1, 2, 1), 18),
        new("LpPool ceil_mode", m =>
            m.Op("LpPool", m.Activation("x", [1, 2, 5, 4])).Ints("kernel_shape", 2, 3).Ints("strides", 2, 2).Int("ceil_mode", 1), 18),
        .. Resizes("Resize"),
        new("Upsample input", m => m.Op("Upsample", m.Activation("x", [1, 2, 3, 2]), Scales(m, 1f, 1f, 2f, 3f)), 9),
        new("Upsample linear", m =>
            m.Op("Upsample", m.Activation("x", [1, 2, 3, 2]), Scales(m, 1f, 1f, 2f, 2f)).String("mode", "linear"), 9),
        new("Upsample attribute", m => m.Op("Upsample", m.Activation("x", [1, 2, 3, 2])).Floats("scales", 1f, 1f, 2f, 2f), 7),
        new("Resize opset 10", m =>
            m.Op("Resize", m.Activation("x", [1, 2, 3, 2]), Scales(m, 1f, 1f, 2f, 2f)).String("mode", "nearest"), 10),
    ];

    static IEnumerable<GradientCase> Resizes(string type)
    {
        string[] coordinates = ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric"];
        foreach (var mode in coordinates)
        {
            yield return new($"{type} linear up {mode}", m =>
                m.Op(type, m.Activation("x", [1, 2, 3, 4]), "", "", m.Ints("sizes", 1, 2, 7, 6))
                .String("mode", "linear").String("coordinate_transformation_mode", mode), 19);
            yield return new($"{type} linear down {mode}", m =>
                m.Op(type, m.Activation("x", [1, 2, 5, 6]), "", Scales(m, 1f, 1f, 0.6f, 0.5f))
                .String("mode", "linear").String("coordinate_transformation_mode", mode), 19);
        }
        foreach (var mode in new[] { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil" })
            yield return new($"{type} nearest {mode}", m => m.Op(type, m.Activation("x", [1, 2, 4, 3]), "", Scales(m, 1f, 1f, 1.5f, 2f))
                .String("nearest_mode", mode), 13);
        foreach (var mode in coordinates.Append("cubic"))
        {
            void Cubic(OnnxNodeBuilder node)
            {
                node.String("mode", "cubic");
                if (mode != "cubic") node.String("coordinate_transformation_mode", mode);
                else node.Float("cubic_coeff_a", -0.5f).Int("exclude_outside", 1);
            }
            yield return new($"{type} cubic up {mode}", m => Cubic(m.Op(type, m.Activation("x", [1, 2, 3, 4]), "", "", m.Ints("sizes", 1, 2, 7, 6))), 19);
            yield return new($"{type} cubic down {mode}", m =>
                Cubic(m.Op(type, m.Activation("x", [1, 1, 5, 6]), "", Scales(m, 1f, 1f, 0.6f, 0.5f))), 19);
        }
        foreach (var mode in new[] { "linear", "cubic" })
            yield return new($"{type} {mode} antialias", m => m.Op(type, m.Activation("x", [1, 1, 6, 7]), "", Scales(m, 1f, 1f, 0.6f, 0.4f))
                .String("mode", mode).Int("antialias", 1), 19);
        foreach (var mode in new[] { "linear", "cubic", "nearest" })
            yield return new($"{type} {mode} crop", m =>
            {
                m.Node("Constant", [], "roi").Floats("value_floats", 0.4f, -0.2f, 0.8f, 0.6f);
                m.Op(type, m.Activation("x", [1, 2, 5, 4]), "roi", "", m.Ints("sizes", 4, 5)).String("mode", mode).Ints("axes", 2, 3)
                    .String("coordinate_transformation_mode", "tf_crop_and_resize").Float("extrapolation_value", 3f);
            }, 18);
        yield return new($"{type} tf_half_pixel_for_nn", m => m.Op(type, m.Activation("x", [1, 2, 4, 4]), m.Ints("roi"), m.Ints("scales"), m.Ints("sizes", 1, 2, 3, 2))
            .String("coordinate_transformation_mode", "tf_half_pixel_for_nn"), 11);
        yield return new($"{type} 3-D", m => m.Op(type, m.Activation("x", [1, 2, 2, 3, 3]), "", Scales(m, 1f, 1f, 2f, 1.5f, 2f)).String("mode", "linear"), 13);
        yield return new($"{type} first axes", m =>
            m.Op(type, m.Activation("x", [2, 3, 2]), "", "", m.Ints("sizes", 5, 3)).Ints("axes", 1, 0).String("mode", "linear"), 18);
        yield return new($"{type} not smaller", m => m.Op(type, m.Activation("x", [1, 1, 4, 5]), "", "", m.Ints("sizes", 6, 6))
            .Ints("axes", 2, 3).String("keep_aspect_ratio_policy", "not_smaller").String("mode", "nearest"), 18);
        yield return new($"{type} 1-D", m =>
            m.Op(type, m.Activation("x", [2, 2, 5]), "", Scales(m, 1f, 1f, 2f)).String("mode", "linear"), 11);
        yield return new($"{type} axes", m =>
            m.Op(type, m.Activation("x", [1, 2, 3, 4]), "", "", m.Ints("sizes", 6, 8)).Ints("axes", 2, 3), 18);
        yield return new($"{type} keeping the ratio", m => m.Op(type, m.Activation("x", [1, 2, 3, 4]), "", "", m.Ints("sizes", 6, 6))
            .Ints("axes", -2, -1).String("keep_aspect_ratio_policy", "not_larger").String("mode", "linear"), 18);
    }

    static string Scales(CaseModel m, params float[] scales)
    {
        m.Node("Constant", [], "scales").Floats("value_floats", scales);
        return "scales";
    }
}
