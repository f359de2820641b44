namespace EdgeDropBack.Kernels;

/// <summary>
/// Layer normalization over the rows of [rows, n] (Ba, Kiros and Hinton 2016, arXiv 1607.06450). A row's sums are single runs
/// (<see cref="Reduction.Sum8"/>); gradients of gamma and beta add rows in order.
/// </summary>
public static class LayerNorm
{
    /// <summary>
    /// y = (x - mean) / sqrt(variance + epsilon) gamma + beta with gamma and beta [n], beta may be empty. The rows' means and inverse
    /// deviations are kept for the backward pass, [rows] each. <paramref name="y"/> may be <paramref name="x"/>.
    /// </summary>
    public static void Forward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> gamma, ReadOnlySpan<float> beta, float epsilon, Span<float> y,
        Span<float> means, Span<float> inverses, int rows, int n)
    {
        SpanGuard.AtLeast(means.Length, rows);
        RowNorm.Forward(x, gamma, beta, epsilon, y, means, inverses, rows, n);
    }

    /// <summary>
    /// dx = i (g - mean(g) - h mean(g h)) with g = dy gamma, h = (x - mean) i; dgamma = sum dy h; dbeta = sum dy. Each may be empty;
    /// <paramref name="dx"/> may be <paramref name="dy"/>.
    /// </summary>
    public static void Backward(
        ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> gamma, ReadOnlySpan<float> means, ReadOnlySpan<float> inverses,
        Span<float> dx, Span<float> dgamma, Span<float> dbeta, int rows, int n)
    {
        SpanGuard.AtLeast(means.Length, rows);
        RowNorm.Backward(x, dy, gamma, means, inverses, dx, dgamma, dbeta, rows, n);
    }
}
