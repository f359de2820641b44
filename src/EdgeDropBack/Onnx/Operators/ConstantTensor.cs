using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>
/// A small tensor known while the graph is made: shapes, axes, bounds. Numbers are held as doubles, which is exact for float32 and for
/// integers up to 2^53; beyond that they saturate, which is what the open ends of slices mean.
/// </summary>
sealed record ConstantTensor(OnnxDataType Type, Shape Shape, double[] Values)
{
    /// <summary>More elements than this are never folded.</summary>
    public const int MaxElements = 1 << 20;

    /// <summary>Elements that all folded constants of a model may have.</summary>
    public const int MaxTotal = 1 << 22;

    public bool IsInteger => !Type.IsFloatingPoint() && !Type.IsSmallFloat();

    public static ConstantTensor Integers(params ReadOnlySpan<long> values)
        => new(OnnxDataType.Int64, new Shape(values.Length), [.. values.ToArray().Select(v => (double)v)]);

    public static ConstantTensor Read(OnnxTensor tensor)
    {
        var shape = ImportShapes.ToShape(tensor.Dims, tensor.ToString());
        var values = new double[shape.Count];
        if (tensor.DataType.IsFloatingPoint() || tensor.DataType.IsSmallFloat())
        {
            var floats = tensor.ReadFloats();
            for (var i = 0; i < values.Length; i++) values[i] = floats[i];
        }
        else
        {
            var integers = tensor.ReadInt64s();
            for (var i = 0; i < values.Length; i++) values[i] = integers[i];
        }
        return new(tensor.DataType, shape, values);
    }

    public long[] ToInt64s() => [.. Values.Select(v => v >= long.MaxValue ? long.MaxValue : v <= long.MinValue ? long.MinValue : (long)v)];

    public float[] ToFloats() => [.. Values.Select(v => (float)v)];
}
