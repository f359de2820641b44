namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>Softmax of contiguous rows [outer, n].</summary>
    public static void Softmax(ReadOnlySpan<float> x, Span<float> y, int outer, int n)
    {
        for (int o = 0; o < outer; o++)
        {
            var row = y.Slice(o * n, n);
            float max = float.NegativeInfinity;
            for (int i = 0; i < n; i++)
            {
                if (x[(o * n) + i] > max || float.IsNaN(x[(o * n) + i])) max = x[(o * n) + i];
            }
            for (int i = 0; i < n; i++) row[i] = DeterministicMath.Exp(x[(o * n) + i] - max);
            float sum = Sum8(row);
            for (int i = 0; i < n; i++) row[i] /= sum;
        }
    }
}
