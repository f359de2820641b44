namespace EdgeDropBack.Kernels;

/// <summary>Root-mean-square normalization over the rows of [rows, n] (Zhang and Sennrich 2019, arXiv 1910.07467).</summary>
public static class RmsNorm
{
    /// <summary>y = x / sqrt(mean(x^2) + epsilon) gamma; the inverse roots [rows] are kept. <paramref name="y"/> may be <paramref name="x"/>.</summary>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, float epsilon, Span<float> y, Span<float> inverses, int rows, int n) =>
        RowNorm.Forward(x, gamma, default, epsilon, y, default, inverses, rows, n);

    /// <summary>dx = i (g - h mean(g h)) with g = dy gamma, h = x i; dgamma = sum dy h. Either may be empty; dx may be dy.</summary>
    public static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> inverses,
        Span<float> dx, Span<float> dgamma, int rows, int n) =>
        RowNorm.Backward(x, dy, gamma, default, inverses, dx, dgamma, default, rows, n);
}
