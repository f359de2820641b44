using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Resize and Upsample: nearest and linear along the last two dimensions at once, all other forms one dimension after another.
/// </summary>
static class ResizeImports
{
    /// <summary>Elements that the filters of one dimension may read in all.</summary>
    const int MostTaps = 1 << 24;

    /// <summary>Scales are an attribute up to opset 8 and an input in 9; coordinates are asymmetric.</summary>
    public static void Upsample(NodeImport n)
    {
        var scales = n.Opset < 9 ? n.Node.Floats("scales") : n.Constant(1).ToFloats();
        ImportShapes.Expect(scales is not null, "attribute scales is missing");
        Emit(n, [.. scales!], null, _ => new() { Coordinates = ResizeCoordinates.Asymmetric, Rounding = Rounding(n, ResizeRounding.Floor) });
    }

    public static void Resize(NodeImport n)
    {
        if (n.Opset < 11)
        {
            Emit(n, n.Constant(1).ToFloats(), null,
                _ => new() { Coordinates = ResizeCoordinates.Asymmetric, Rounding = Rounding(n, ResizeRounding.Floor) });
            return;
        }
        var coordinates = n.Node.String("coordinate_transformation_mode", "half_pixel") switch
        {
            "half_pixel" => ResizeCoordinates.HalfPixel,
            "half_pixel_symmetric" => ResizeCoordinates.HalfPixelSymmetric,
            "pytorch_half_pixel" => ResizeCoordinates.PytorchHalfPixel,
            "align_corners" => ResizeCoordinates.AlignCorners,
            "asymmetric" => ResizeCoordinates.Asymmetric,
            "tf_half_pixel_for_nn" => ResizeCoordinates.HalfPixelForNearest,
            "tf_crop_and_resize" => ResizeCoordinates.CropAndResize,
            var other => throw EdbException.Refused($"coordinates '{other}' are not known; export the model with half_pixel"),
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
        ImportShapes.Expect(axes.Distinct().Count() == axes.Length, $"axes [{string.Join(", ", axes)}] name a dimension twice");
        var scales = n.Has(2) && n.Shape(2).Count > 0 ? OnAxes(x, axes, n.Constant(2).ToFloats(), [.. x.Dims.Select(_ => 1f)]) : null;
        var sizes = n.Has(3) && n.Shape(3).Count > 0 ? OnAxes(x, axes, n.Ints(3), [.. x.Dims.Select(dim => (long)dim)]) : null;
        if (sizes is not null) Fit(n, x, axes, sizes, ref scales);
        var region = coordinates == ResizeCoordinates.CropAndResize ? n.Constant(1).ToFloats() : [];
        ImportShapes.Expect(region.Length == 0 || region.Length == 2 * axes.Length, $"roi has {region.Length} numbers, expected {2 * axes.Length}");
        ResizeSampling Sampling(int dimension)
        {
            var sampling = new ResizeSampling
            {
                Coordinates = coordinates,
                Rounding = Rounding(n, nearest),
                Antialias = n.Node.Int("antialias", 0) != 0,
                ExcludeOutside = n.Node.Int("exclude_outside", 0) != 0,
                CubicCoefficient = n.Node.Float("cubic_coeff_a", -0.75f),
            };
            var at = Array.IndexOf(axes, dimension);
            return region.Length == 0 || at < 0 ? sampling : sampling with { RegionStart = region[at], RegionEnd = region[at + axes.Length] };
        }
        Emit(n, scales, sizes, Sampling);
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
        "cubic" => ResizeRounding.Cubic,
        var other => throw EdbException.Refused($"mode '{other}' is not known; export the model with nearest, linear or cubic"),
    };

    static void Emit(NodeImport n, float[]? scales, long[]? sizes, Func<int, ResizeSampling> sampling)
    {
        var x = n.Shape(0);
        ImportShapes.Expect((sizes?.Length ?? scales?.Length) == x.Rank && x.Rank >= 1, $"scales or sizes do not fit x {x}");
        var (y, isKept) = (x.ToArray(), new bool[x.Rank]);
        for (var i = 0; i < y.Length; i++)
        {
            var of = sampling(i);
            var isCropped = of.Coordinates == ResizeCoordinates.CropAndResize && (of.RegionStart != 0f || of.RegionEnd != 1f);
            if (sizes is null)
            {
                ImportShapes.Expect(scales![i] > 0f, $"scale {scales[i]} of dimension {i} is not above 0");
                var length = isCropped ? x[i] * (of.RegionEnd - of.RegionStart) : x[i];
                y[i] = ImportShapes.Small((long)MathF.Floor(scales[i] * length), "the new size");
            }
            else y[i] = ImportShapes.Small(sizes[i], "the new size");
            isKept[i] = y[i] == x[i] && (scales?[i] ?? 1f) == 1f && !isCropped;
            ImportShapes.Expect(isKept[i] || (x[i] > 0 && y[i] > 0), $"dimension {i} of {x} is resized to {y[i]}");
        }
        float Scale(int i) => scales?[i] ?? y[i] / (float)x[i];
        if (IsPlane(sampling(0), isKept)) EmitPlane(n, x, y, Scale, sampling(0));
        else EmitAxes(n, x, y, isKept, Scale, sampling);
    }

    /// <summary>What the operator for the last two dimensions can do.</summary>
    static bool IsPlane(in ResizeSampling sampling, bool[] isKept) => sampling is { Antialias: false, ExcludeOutside: false }
        && sampling.Coordinates != ResizeCoordinates.CropAndResize && sampling.Rounding != ResizeRounding.Cubic
        && Array.TrueForAll(isKept[..Math.Max(0, isKept.Length - 2)], kept => kept);

    static void EmitPlane(NodeImport n, Shape x, int[] y, Func<int, float> scale, ResizeSampling sampling)
    {
        ResizeAxis Axis(int i) => new(x[i], y[i], scale(i), sampling.Coordinates, sampling.Rounding);
        var rows = x.Rank > 1 ? Axis(x.Rank - 2) : new ResizeAxis(1, 1, 1f, ResizeCoordinates.Asymmetric, ResizeRounding.Floor);
        n.Emit(new ResizeOperator(n.Node.OpType, x.Product(0, Math.Max(0, x.Rank - 2)), rows, Axis(x.Rank - 1)), new Shape(y), n.Value(0));
    }

    static void EmitAxes(NodeImport n, Shape x, int[] y, bool[] isKept, Func<int, float> scale, Func<int, ResizeSampling> sampling)
    {
        var outside = n.Node.Float("extrapolation_value", 0f);
        var (value, dims) = (n.Value(0), x.ToArray());
        for (var i = 0; i < dims.Length; i++)
        {
            if (isKept[i]) continue;
            var taps = new ResizeTaps(x[i], y[i], scale(i), sampling(i), MostTaps);
            dims[i] = y[i];
            var (before, shape) = (value.Shape, new Shape(dims));
            value = n.Intermediate($".axis{i}", new ResizeTapsOperator(before.Product(0, i), before.Product(i + 1, before.Rank), taps, outside), shape, value);
        }
        n.Emit(new ViewOperator("Resize"), new Shape(y), value);
    }
}
