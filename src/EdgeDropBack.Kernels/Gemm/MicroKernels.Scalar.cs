namespace EdgeDropBack.Kernels;

/// <summary>Register-tile kernels; the contract is <see cref="MicroKernel"/>'s.</summary>
static unsafe partial class MicroKernels
{
    const int ScalarTile = 4;

    public static void Scalar(nint depth, float* a, nint aRowStride, nint aDepthStride, float* b, float* c, nint cStride, bool fresh)
    {
        for (var i = 0; i < ScalarTile; i++)
        {
            for (var j = 0; j < ScalarTile; j++)
            {
                var sum = fresh ? 0 : c[i * cStride + j];
                for (nint d = 0; d < depth; d++)
                    sum = MathF.FusedMultiplyAdd(a[i * aRowStride + d * aDepthStride], b[d * ScalarTile + j], sum);
                c[i * cStride + j] = sum;
            }
        }
    }

    public static void ScalarOffsets(nint depth, float* a, float* b, int* offsets, float* c, nint cStride)
    {
        for (var i = 0; i < ScalarTile; i++)
        {
            for (var j = 0; j < ScalarTile; j++)
            {
                var sum = 0f;
                for (nint d = 0; d < depth; d++)
                    sum = MathF.FusedMultiplyAdd(a[d * ScalarTile + i], b[offsets[d] + j], sum);
                c[i * cStride + j] = sum;
            }
        }
    }
}
