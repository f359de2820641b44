using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Resize and Upsample of the last two dimensions, nearest or linear.</summary>
static class ResizeImports
{
    /// <summary>Scales are an attribute up to opset 8 and an input in 9; coordinates are asymmetric.</summary>
    public static void Upsample(NodeImport n)
    {
        var scales = n.Opset < 9 ? n.Node.Floats("scales") : n.Constant(1).ToFloats();
        ImportShapes.Expect(scales is not null, "attribute scales is missing");
        Emit(n, [.. scales!], null, ResizeCoordinates.Asymmetric, Rounding(n, ResizeRounding.Floor));
    }

    public static void Resize(NodeImport n)
    {
        if (n.Opset < 11)
        {
            Emit(n, n.Constant(1).ToFloats(), null, ResizeCoordinates.Asymmetric, Rounding(n, ResizeRounding.Floor));
            return;
        }
        ImportShapes.Expect(n.Node.Int("antialias", 0) == 0, "antialias is not supported; export the model without it");
        var coordinates = n.Node.String("coordinate_transformation_mode", "half_pixel") switch
        {
            "half_pixel" => ResizeCoordinates.HalfPixel,
            "half_pixel_symmetric" => ResizeCoordinates.HalfPixelSymmetric,
            "pytorch_half_pixel" => ResizeCoordinates.PytorchHalfPixel,
            "align_corners" => ResizeCoordinates.AlignCorners,
            "asymmetric" => ResizeCoordinates.Asymmetric,
            var other => throw EdbException.Refused($"coordinates '{other}' are not supported; export the model with half_pixel"),
        };
        var nearest = n.Node.String("nearest_mode", "round_prefer_floor") switch
        {
            "round_prefer_floor" => ResizeRounding.RoundPreferFloor,
            "round_prefer_ceil" => ResizeRounding.RoundPreferCeil,
            "floor" => ResizeRounding.Floor,
            "ceil" => ResizeRounding.Ceil,
            var other => throw EdbException.Refused($"nearest_mode '{other}' is none of round_prefer_floor, round_prefer_ceil, floor, ceil"),
        };
        var x = n.Shape(0);
        var axes = n.Node.Ints("axes") is { } given ? given.Select(x.Axis).ToArray() : [.. Enumerable.Range(0, x.Rank)];
        var scales = n.Has(2) && n.Shape(2).Count > 0 ? OnAxes(x, axes, n.Constant(2).ToFloats(), [.. x.Dims.Select(_ => 1f)]) : null;
        var sizes = n.Has(3) && n.Shape(3).Count > 0 ? OnAxes(x, axes, n.Ints(3), [.. x.Dims.Select(dim => (long)dim)]) : null;
        if (sizes is not null) Fit(n, x, axes, sizes, ref scales);
        Emit(n, scales, sizes, coordinates, Rounding(n, nearest));
    }

    /// <summary>keep_aspect_ratio_policy: one scale for all axes, sizes by it.</summary>
    static void Fit(NodeImport n, Shape x, int[] axes, long[] sizes, ref float[]? scales)
    {
        var policy = n.Node.String("keep_aspect_ratio_policy", "stretch");
        if (policy == "stretch") return;
        ImportShapes.Expect(policy is "not_larger" or "not_smaller", $"keep_aspect_ratio_policy is '{policy}'");
        var ratios = axes.Select(axis => sizes[axis] / (float)x[axis]);
        var scale = policy == "not_larger" ? ratios.Min() : ratios.Max();
        scales = [.. x.Dims.Select((_, i) => axes.Contains(i) ? scale : 1f)];
        foreach (var axis in axes) sizes[axis] = (long)MathF.Floor(scale * x[axis] + 0.5f);
    }

    static T[] OnAxes<T>(Shape x, int[] axes, T[] given, T[] all)
    {
        ImportShapes.Expect(given.Length == axes.Length, $"{given.Length} scales or sizes for {axes.Length} dimensions of {x}");
        for (var i = 0; i < axes.Length; i++) all[axes[i]] = given[i];
        return all;
    }

    static ResizeRounding Rounding(NodeImport n, ResizeRounding nearest) => n.Node.String("mode", "nearest") switch
    {
        "nearest" => nearest,
        "linear" or "bilinear" => ResizeRounding.Linear,
        var other => throw EdbException.Refused($"mode '{other}' is not supported; export the model with nearest or linear"),
    };

    static void Emit(NodeImport n, float[]? scales, long[]? sizes, ResizeCoordinates coordinates, ResizeRounding rounding)
    {
        var x = n.Shape(0);
        ImportShapes.Expect((sizes?.Length ?? scales?.Length) == x.Rank && x.Rank >= 1, $"scales or sizes do not fit x {x}");
        var y = x.ToArray();
        for (var i = 0; i < y.Length; i++)
        {
            if (sizes is null) ImportShapes.Expect(scales![i] > 0f, $"scale {scales[i]} of dimension {i} is not above 0");
            y[i] = ImportShapes.Small(sizes is not null ? sizes[i] : (long)MathF.Floor(scales![i] * x[i]), "the new size");
            var isKept = y[i] == x[i] && (scales?[i] ?? 1f) == 1f;
            ImportShapes.Expect(isKept || i >= x.Rank - 2, $"dimension {i} of {x} is resized; only the last two may be");
            ImportShapes.Expect(x[i] > 0 && y[i] > 0, $"dimension {i} of {x} is resized to {y[i]}");
        }
        ResizeAxis Axis(int i) => new(x[i], y[i], scales?[i] ?? y[i] / (float)x[i], coordinates, rounding);
        var rows = x.Rank > 1 ? Axis(x.Rank - 2) : new ResizeAxis(1, 1, 1f, ResizeCoordinates.Asymmetric, ResizeRounding.Floor);
        n.Emit(new ResizeOperator(n.Node.OpType, x.Product(0, Math.Max(0, x.Rank - 2)), rows, Axis(x.Rank - 1)), new Shape(y), n.Value(0));
    }
}
