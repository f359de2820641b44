namespace EdgeDropBack.Kernels;

public static unsafe partial class SampledGradient
{
    /// <summary>The accesses of <see cref="Gemm"/>.</summary>
    public static void GemmAccesses(AccessStream s, MemoryBlock left, int leftStride, MemoryBlock right, int rightStride, int samples, int rows,
        int columns, WeightAccesses tracked, MemoryBlock gradients)
        => SampledJob.Accesses(s, left, leftStride, right, rightStride, samples, rows, columns, tracked, gradients);

    /// <summary>The accesses of <see cref="Convolution"/>.</summary>
    public static void ConvolutionAccesses(AccessStream s, MemoryBlock dy, MemoryBlock x, in ConvShape shape, WeightAccesses tracked,
        MemoryBlock gradients)
        => SampledConvolutionJob.Accesses(s, dy, x, shape, tracked, gradients);
}
