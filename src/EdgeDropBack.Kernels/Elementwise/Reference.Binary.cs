namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>y = f(a, b), each operand's element found from the result's index by numpy's rule.</summary>
    public static void Binary(
        BinaryKind kind, ReadOnlySpan<int> shapeA, ReadOnlySpan<int> shapeB, ReadOnlySpan<int> shape,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        for (int o = 0; o < y.Length; o++) y[o] = Binary(kind, a[BroadcastIndex(o, shape, shapeA)], b[BroadcastIndex(o, shape, shapeB)]);
    }

    /// <summary>Offset of the operand element behind result element <paramref name="flat"/>.</summary>
    internal static int BroadcastIndex(int flat, ReadOnlySpan<int> shape, ReadOnlySpan<int> operand)
    {
        int offset = 0, stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            int index = flat % shape[d];
            flat /= shape[d];
            int own = d - (shape.Length - operand.Length);
            if (own < 0) continue;
            if (operand[own] != 1) offset += index * stride;
            stride *= operand[own];
        }
        return offset;
    }

    static float Binary(BinaryKind kind, float a, float b) => kind switch
    {
        BinaryKind.Add => a + b,
        BinaryKind.Sub => a - b,
        BinaryKind.Mul => a * b,
        BinaryKind.Div => a / b,
        BinaryKind.Pow => DeterministicMath.Pow(a, b),
        BinaryKind.Min => float.IsNaN(a) || a < b ? a : b,
        BinaryKind.Max => float.IsNaN(a) || a > b ? a : b,
        BinaryKind.PRelu => a <= 0f ? a * b : a,
        _ => throw new ArgumentException($"unknown binary kind {(int)kind}"),
    };
}
