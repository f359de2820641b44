using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>Shape rules that several operators share.</summary>
static class ImportShapes
{
    /// <summary>Dimensions of a file as a shape; what does not fit is refused under <paramref name="what"/>.</summary>
    public static Shape ToShape(IReadOnlyList<long> dims, string what)
    {
        var ints = new int[dims.Count];
        for (var i = 0; i < ints.Length; i++)
        {
            if (dims[i] is < 0 or > int.MaxValue) throw EdbException.Refused($"{what}: dimension {i} is {dims[i]}, expected 0 to {int.MaxValue}");
            ints[i] = (int)dims[i];
        }
        return new Shape(ints);
    }

    /// <summary>The shape of two operands broadcast against each other (numpy's rule).</summary>
    public static Shape Broadcast(Shape a, Shape b)
    {
        var dims = new int[Math.Max(a.Rank, b.Rank)];
        for (var i = 1; i <= dims.Length; i++)
        {
            var (x, y) = (i <= a.Rank ? a[a.Rank - i] : 1, i <= b.Rank ? b[b.Rank - i] : 1);
            if (x != y && x != 1 && y != 1) throw EdbException.Refused($"shapes {a} and {b} do not broadcast: {x} against {y}");
            dims[^i] = x == 1 ? y : x;
        }
        return new Shape(dims);
    }

    /// <summary>Pads of a window operator as (begin, end) per spatial dimension, from `pads` or `auto_pad`.</summary>
    /// <param name="spatial">Spatial dimensions of the input.</param>
    /// <param name="kernel">Window sizes.</param>
    public static (int[] Begin, int[] End) Pads(OnnxNode node, int[] spatial, int[] kernel, int[] strides, int[] dilations)
    {
        var (begin, end) = (new int[spatial.Length], new int[spatial.Length]);
        switch (node.String("auto_pad", "NOTSET"))
        {
            case "NOTSET":
                if (node.Ints("pads") is not { } pads) break;
                Expect(pads.Count == 2 * spatial.Length, $"pads has {pads.Count} numbers, expected {2 * spatial.Length}");
                for (var i = 0; i < spatial.Length; i++)
                    (begin[i], end[i]) = (Small(pads[i], "pads"), Small(pads[i + spatial.Length], "pads"));
                break;
            case "VALID":
                break;
            case "SAME_UPPER" or "SAME_LOWER":
                var upper = node.String("auto_pad", "") == "SAME_UPPER";
                for (var i = 0; i < spatial.Length; i++)
                {
                    var output = (spatial[i] + strides[i] - 1) / strides[i];
                    var total = Small(Math.Max(0, (output - 1L) * strides[i] + (kernel[i] - 1L) * dilations[i] + 1 - spatial[i]), "auto_pad");
                    begin[i] = upper ? total / 2 : total - total / 2;
                    end[i] = total - begin[i];
                }
                break;
            case var other:
                throw EdbException.Refused($"auto_pad is '{other}', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        }
        return (begin, end);
    }

    /// <summary>Refuses a window that is larger than the padded input.</summary>
    public static void ExpectFits(Shape x, int[] kernel, int[] dilations, int[] begin, int[] end)
    {
        for (var i = 0; i < kernel.Length; i++)
        {
            var (extent, padded) = ((kernel[i] - 1L) * dilations[i] + 1, (long)x[i + 2] + begin[i] + end[i]);
            Expect(extent <= padded && padded <= int.MaxValue, $"the window [{string.Join(", ", kernel)}] (dilations [{string.Join(", ", dilations)}]) "
                + $"is larger than the padded input {x}; give larger samples");
        }
    }

    /// <summary>An attribute with one positive number per spatial dimension, 1 where it is absent.</summary>
    public static int[] PerDimension(OnnxNode node, string attribute, int rank)
    {
        if (node.Ints(attribute) is not { } values) return [.. Enumerable.Repeat(1, rank)];
        Expect(values.Count == rank, $"{attribute} has {values.Count} numbers, expected {rank}");
        foreach (var value in values) Expect(value >= 1, $"{attribute} holds {value}, expected 1 or more");
        return [.. values.Select(v => Small(v, attribute))];
    }

    public static int Small(long value, string what)
    {
        Expect(value is >= 0 and <= 1 << 24, $"{what} holds {value}, expected 0 to {1 << 24}");
        return (int)value;
    }

    public static void Expect(bool holds, string message)
    {
        if (!holds) throw EdbException.Refused(message);
    }
}
