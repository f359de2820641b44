using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>The tolerance of the ONNX project's own runner; whole numbers and truth values have to be equal.</summary>
static class Closeness
{
    const double Relative = 1e-3, Absolute = 1e-5;

    /// <summary>Null where all numbers are close; else the first that is not.</summary>
    /// <param name="ours">Float32; rounded to the output's type first.</param>
    public static string? Difference(string output, float[] ours, float[] expected, OnnxDataType type)
    {
        if (ours.Length != expected.Length) return $"differs: output '{output}' has {ours.Length} elements, expected {expected.Length}";
        var rounded = Rounded(ours, type);
        for (var i = 0; i < expected.Length; i++)
        {
            var (a, b) = (rounded[i], expected[i]);
            if (a == b || (float.IsNaN(a) && float.IsNaN(b))) continue;
            if (!type.IsFloatingPoint() || !(Math.Abs((double)a - b) <= Absolute + Relative * Math.Abs(b)))
                return $"differs: output '{output}'[{i}] is {a}, expected {b}";
        }
        return null;
    }

    static float[] Rounded(float[] values, OnnxDataType type)
    {
        if (type is not (OnnxDataType.Float16 or OnnxDataType.BFloat16)) return values;
        var (raw, rounded) = (new byte[2 * values.Length], new float[values.Length]);
        TensorConversion.FromFloats(type, values, raw);
        TensorConversion.ToFloats(type, raw, 0, rounded);
        return rounded;
    }
}
