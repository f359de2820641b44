namespace EdgeDropBack.Kernels;

/// <summary>Plain scalar kernels that define the results of the fast ones, bit for bit. Never optimised.</summary>
public static partial class Reference
{
    /// <summary>c[i, j] = one FMA chain over k of a[i, k] * b[k, j], from 0 or from c.</summary>
    public static void Multiply(ReadOnlySpan<float> a, int aRowStride, int aColumnStride, ReadOnlySpan<float> b, int bRowStride,
        int bColumnStride, Span<float> c, int cRowStride, int m, int n, int k, bool accumulate = false)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = accumulate ? c[i * cRowStride + j] : 0;
                for (var p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(a[i * aRowStride + p * aColumnStride], b[p * bRowStride + j * bColumnStride], sum);
                c[i * cRowStride + j] = sum;
            }
        }
    }

    /// <summary>y = alpha * (x W) + bias; W is stored [n, k] when transposed, else [k, n].</summary>
    public static void MultiplyWeights(ReadOnlySpan<float> x, int xStride, in WeightSource weights, bool transposed, ReadOnlySpan<float> bias,
        float alpha, Span<float> y, int m, int n, int k)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                float sum = 0;
                for (var p = 0; p < k; p++)
                    sum = MathF.FusedMultiplyAdd(x[i * xStride + p], weights[transposed ? (long)j * k + p : (long)p * n + j], sum);
                if (alpha != 1)
                    sum *= alpha;
                y[i * n + j] = bias.IsEmpty ? sum : sum + bias[j];
            }
        }
    }

    /// <summary>gradient[r, c] = alpha * one FMA chain over samples of left[s, r] * right[s, c].</summary>
    public static void WeightGradient(ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, int samples,
        int rows, int columns, float alpha, Span<float> gradient)
    {
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                float sum = 0;
                for (var s = 0; s < samples; s++)
                    sum = MathF.FusedMultiplyAdd(left[s * leftStride + r], right[s * rightStride + c], sum);
                gradient[r * columns + c] = alpha != 1 ? sum * alpha : sum;
            }
        }
    }

    /// <summary>gradients[e] = alpha * the 8-lane dot over samples of left[s, row of e] and right[s, column of e].</summary>
    public static void SampledGradient(ReadOnlySpan<float> left, int leftStride, ReadOnlySpan<float> right, int rightStride, int samples,
        int columns, float alpha, ReadOnlySpan<int> tileStarts, ReadOnlySpan<ushort> indices, Span<float> gradients)
    {
        Span<float> lanes = stackalloc float[8];
        for (var tile = 0; tile + 1 < tileStarts.Length; tile++)
        {
            for (var entry = tileStarts[tile]; entry < tileStarts[tile + 1]; entry++)
            {
                var flat = (long)tile * WeightSource.TileSize + indices[entry];
                int r = (int)(flat / columns), c = (int)(flat % columns);
                lanes.Clear();
                for (var s = 0; s < samples; s++)
                    lanes[s % 8] = MathF.FusedMultiplyAdd(left[s * leftStride + r], right[s * rightStride + c], lanes[s % 8]);
                gradients[entry] = alpha != 1 ? Tree(lanes) * alpha : Tree(lanes);
            }
        }
    }

    static float Tree(ReadOnlySpan<float> l) => ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]));
}
