using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Arithmetic on small constants.</summary>
static class ConstantFolding
{
    public static ConstantTensor Binary(ConstantTensor a, ConstantTensor b, Func<double, double, double> apply, string opType)
    {
        var shape = ImportShapes.Broadcast(a.Shape, b.Shape);
        var values = Values(shape.Count);
        for (var i = 0; i < values.Length; i++)
        {
            var (x, y) = (a.Values[Source(i, shape, a.Shape)], b.Values[Source(i, shape, b.Shape)]);
            if (a.IsInteger && opType == "Div" && y == 0) throw EdbException.Refused("an integer is divided by zero in shape arithmetic");
            var value = apply(x, y);
            values[i] = a.IsInteger ? Math.Truncate(value) : (float)value;
        }
        return new(a.Type, shape, values);
    }

    /// <summary>What shape arithmetic uses of the functions of one number; null for the others.</summary>
    public static ConstantTensor? Unary(UnaryKind kind, ConstantTensor x)
    {
        Func<double, double>? apply = kind switch
        {
            UnaryKind.Neg => v => -v,
            UnaryKind.Abs => Math.Abs,
            UnaryKind.Floor => Math.Floor,
            UnaryKind.Ceil => Math.Ceiling,
            UnaryKind.Round => Math.Round,
            UnaryKind.Sign => v => double.IsNaN(v) ? v : Math.Sign(v),
            UnaryKind.Sqrt => v => MathF.Sqrt((float)v),
            UnaryKind.Reciprocal => v => 1f / (float)v,
            _ => null,
        };
        return apply is null ? null : x with { Values = [.. x.Values.Select(apply)] };
    }

    /// <param name="saturates">For floating-point types of 8 bits: what is too large becomes the largest number.</param>
    /// <param name="roundMode">How powers of two are rounded: "up", "down" or "nearest".</param>
    public static ConstantTensor Cast(ConstantTensor x, OnnxDataType to, bool saturates = true, string roundMode = "up")
        => new(to, x.Shape, [.. x.Values.Select(v => Cast(v, to, saturates, roundMode))]);

    static double Cast(double value, OnnxDataType to, bool saturates, string roundMode) => to switch
    {
        OnnxDataType.Bool => value != 0 ? 1 : 0,
        OnnxDataType.Float8E8M0 => SmallFloats.RoundToPower((float)value, roundMode, saturates),
        _ when to.IsSmallFloat() => SmallFloats.Round(to, (float)value, saturates),
        _ when to.IsFloatingPoint() => (float)value,
        OnnxDataType.Int8 or OnnxDataType.Int4 or OnnxDataType.Int2 => LowBits(value, to.Bits(), isSigned: true),
        OnnxDataType.UInt8 or OnnxDataType.UInt4 or OnnxDataType.UInt2 => LowBits(value, to.Bits(), isSigned: false),
        _ => Math.Truncate(value),
    };

    /// <summary>Integers too large for a type of up to 8 bits lose their upper bits.</summary>
    static double LowBits(double value, int bits, bool isSigned)
    {
        var low = (long)value & ((1L << bits) - 1);
        return isSigned && low >> bits - 1 != 0 ? low - (1L << bits) : low;
    }

    public static ConstantTensor Concat(IReadOnlyList<ConstantTensor> inputs, int axis)
    {
        var first = inputs[0].Shape;
        var outer = first.Product(0, axis);
        var values = new List<double>();
        for (var o = 0; o < outer; o++)
        {
            foreach (var input in inputs)
            {
                var length = input.Shape.Product(axis, input.Shape.Rank);
                values.AddRange(input.Values.AsSpan(o * length, length));
            }
        }
        var dims = first.ToArray();
        dims[axis] = inputs.Sum(input => input.Shape[axis]);
        return new(inputs[0].Type, new Shape(dims), [.. values]);
    }

    public static ConstantTensor Expand(ConstantTensor x, Shape shape)
    {
        var values = Values(shape.Count);
        for (var i = 0; i < values.Length; i++) values[i] = x.Values[Source(i, shape, x.Shape)];
        return new(x.Type, shape, values);
    }

    /// <summary>Sums, products and extremes, which shape arithmetic uses; null for other reductions.</summary>
    public static ConstantTensor? Reduce(ReduceKind kind, ConstantTensor x, int[] axes, Shape y)
    {
        double? start = kind switch
        {
            ReduceKind.Sum => 0,
            ReduceKind.Prod => 1,
            ReduceKind.Max => double.NegativeInfinity,
            ReduceKind.Min => double.PositiveInfinity,
            _ => null,
        };
        if (start is not { } first) return null;
        var kept = new Shape([.. x.Shape.Dims.Select((dim, i) => axes.Contains(i) ? 1 : dim)]);
        var values = new double[y.Count];
        Array.Fill(values, first);
        for (var i = 0; i < x.Values.Length; i++)
        {
            ref var to = ref values[Source(i, x.Shape, kept)];
            to = kind switch
            {
                ReduceKind.Sum => to + x.Values[i],
                ReduceKind.Prod => to * x.Values[i],
                ReduceKind.Max => Math.Max(to, x.Values[i]),
                _ => Math.Min(to, x.Values[i]),
            };
        }
        return new(x.Type, y, values);
    }

    public static ConstantTensor Range(ConstantTensor start, ConstantTensor limit, ConstantTensor delta)
    {
        var (from, to, step) = (start.Values[0], limit.Values[0], delta.Values[0]);
        ImportShapes.Expect(step != 0, "delta is 0");
        var count = Math.Max(0, Math.Ceiling((to - from) / step));
        ImportShapes.Expect(count <= ConstantTensor.MaxElements, $"the range has {count} elements, expected at most {ConstantTensor.MaxElements}");
        return new(start.Type, new Shape((int)count), [.. Enumerable.Range(0, (int)count).Select(i => from + i * step)]);
    }

    public static ConstantTensor Gather(ConstantTensor x, ConstantTensor indices, int axis)
    {
        var (outer, length, inner) = (x.Shape.Product(0, axis), x.Shape[axis], x.Shape.Product(axis + 1, x.Shape.Rank));
        var values = Values((long)outer * indices.Shape.Count * inner);
        var at = 0;
        for (var o = 0; o < outer; o++)
        {
            foreach (var index in indices.ToInt64s())
            {
                var plain = index < 0 ? index + length : index;
                ImportShapes.Expect(plain >= 0 && plain < length, $"index {index} is outside dimension {axis} of {x.Shape}");
                for (var i = 0; i < inner; i++) values[at++] = x.Values[(o * length + plain) * inner + i];
            }
        }
        return new(x.Type, new Shape([.. x.Shape.Dims[..axis], .. indices.Shape.Dims, .. x.Shape.Dims[(axis + 1)..]]), values);
    }

    public static ConstantTensor Slice(ConstantTensor x, long[] starts, long[] ends, long[] axes, long[] steps)
    {
        ImportShapes.Expect(starts.Length == ends.Length && starts.Length == axes.Length && starts.Length == steps.Length,
            "starts, ends, axes and steps differ in length");
        var result = x;
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = x.Shape.Axis(axes[i]);
            var (first, count) = SliceRange(starts[i], ends[i], steps[i], result.Shape[axis]);
            var indices = Enumerable.Range(0, count).Select(j => first + j * steps[i]).ToArray();
            result = Gather(result, ConstantTensor.Integers(indices), axis);
        }
        return result;
    }

    /// <summary>First index and number of elements of a slice over a dimension (the ONNX rule; bounds beyond the ends are clamped).</summary>
    public static (int First, int Count) SliceRange(long start, long end, long step, int dim)
    {
        ImportShapes.Expect(step != 0, "a slice has step 0");
        if (start < 0) start = start < -dim ? -dim : start;
        if (end < 0) end = end < -dim - 1L ? -dim - 1L : end;
        var from = start < 0 ? start + dim : start;
        var to = end < 0 ? end + dim : end;
        if (step > 0) (from, to) = (Math.Clamp(from, 0, dim), Math.Clamp(to, 0, dim));
        else (from, to) = (Math.Clamp(from, 0, dim - 1), Math.Clamp(to, -1, dim - 1));
        var span = step > 0 ? to - from : from - to;
        var stride = Math.Abs(Math.Max(step, -int.MaxValue));
        return ((int)from, dim == 0 || span <= 0 ? 0 : (int)((span - 1) / stride + 1));
    }

    /// <summary>Room for a result, which has the same limit as what goes in.</summary>
    static double[] Values(long count)
    {
        ImportShapes.Expect(count <= ConstantTensor.MaxElements, $"a constant of {count} elements, expected at most {ConstantTensor.MaxElements}");
        return new double[count];
    }

    /// <summary>Flat index in a broadcast operand of flat index <paramref name="i"/> of the result.</summary>
    static int Source(int i, Shape result, Shape operand)
    {
        var (source, stride) = (0, 1);
        for (var d = 1; d <= operand.Rank; d++)
        {
            var size = operand[operand.Rank - d];
            var coordinate = i % result[result.Rank - d];
            i /= result[result.Rank - d];
            if (size > 1) source += coordinate * stride;
            stride *= size;
        }
        return source;
    }
}
