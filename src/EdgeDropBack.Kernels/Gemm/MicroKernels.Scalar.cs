namespace EdgeDropBack.Kernels;

/// <summary>Register-tile kernels; the contract is <see cref="MicroKernel"/>'s.</summary>
static unsafe partial class MicroKernels
{
    public static void Scalar(nint depth, float* a, float* b, float* c, nint cStride, bool fresh)
    {
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                var sum = fresh ? 0 : c[i * cStride + j];
                for (nint d = 0; d < depth; d++)
                    sum = MathF.FusedMultiplyAdd(a[d * 4 + i], b[d * 4 + j], sum);
                c[i * cStride + j] = sum;
            }
        }
    }
}
