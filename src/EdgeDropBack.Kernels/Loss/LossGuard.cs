namespace EdgeDropBack.Kernels;

/// <summary>The length checks shared by the losses.</summary>
static class LossGuard
{
    internal static void Check(int outputs, int targets, int sampleWeights, int gradient, int perSample, int rows, int columns)
    {
        SpanGuard.AtLeast(outputs, (long)rows * columns);
        SpanGuard.AtLeast(targets, (long)rows * columns);
        SpanGuard.AtLeast(sampleWeights, rows);
        SpanGuard.EmptyOr(gradient, (long)rows * columns);
        SpanGuard.EmptyOr(perSample, rows);
    }
}
