namespace EdgeDropBack.Kernels;

/// <summary>A unary operator or its backward over a stretch of elements.</summary>
readonly unsafe struct UnaryRange(UnaryKind kind, float* x, float* y, float* dy, float* dx, float alpha, float beta) : IRange
{
    public void Run(int start, int end)
    {
        if (dx == null)
            Elementwise.Unary(kind, Part(x, start, end), Part(y, start, end), alpha, beta);
        else
            Elementwise.UnaryBackward(kind, Part(x, start, end), Part(y, start, end), Part(dy, start, end), Part(dx, start, end), alpha, beta);
    }

    static Span<float> Part(float* values, int start, int end) => values == null ? default : new Span<float>(values + start, end - start);
}
