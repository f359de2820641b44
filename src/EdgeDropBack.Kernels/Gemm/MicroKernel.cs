namespace EdgeDropBack.Kernels;

/// <summary>
/// c[Rows, Columns] = chain over depth of a[row, d] * b[d, column], going on from c, or from 0 when fresh (c is then not read). Lines of b are
/// packed, <see cref="Columns"/> apart; depth is at least 1; rows of c are cStride apart. A hint, ahead, says what is read next; it may lie
/// anywhere.
/// </summary>
/// <param name="run">(depth, a, aRowStride, aDepthStride, b, c, cStride, fresh); null where a must be packed or lie in rows.</param>
/// <param name="runOffsets">(depth, a, b, offsets, c, cStride): a packed, line d of b at b + offsets[d], chains from 0; null where there is none.</param>
/// <param name="runPacked">(depth, a, b, c, cStride, fresh, ahead): a packed; null where <paramref name="run"/> is as fast.</param>
/// <param name="runRows">(depth, a, aRowStride, b, c, cStride, fresh, ahead): depths of a row side by side; null where <paramref name="run"/> is as fast.</param>
readonly unsafe struct MicroKernel(int rows, int columns, delegate*<nint, float*, nint, nint, float*, float*, nint, bool, void> run,
    delegate*<nint, float*, float*, int*, float*, nint, void> runOffsets,
    delegate*<nint, float*, float*, float*, nint, bool, float*, void> runPacked = null,
    delegate*<nint, float*, nint, float*, float*, nint, bool, float*, void> runRows = null)
{
    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Whether a may lie anywhere (<see cref="ThinProductJob"/>, <see cref="DirectJob{TLeft}"/>); else it must be packed, Rows a depth, or lie in rows (<see cref="TakesRows"/>).</summary>
    public bool TakesStrides => runOffsets != null;

    /// <summary>Whether <see cref="RunRows"/> is there.</summary>
    public bool TakesRows => runRows != null || TakesStrides;

    /// <summary>a[row * aRowStride + d * aDepthStride]</summary>
    public void Run(nint depth, float* a, nint aRowStride, nint aDepthStride, float* b, float* c, nint cStride, bool fresh) =>
        run(depth, a, aRowStride, aDepthStride, b, c, cStride, fresh);

    /// <summary>a[d * Rows + row]</summary>
    public void RunPacked(nint depth, float* a, float* b, float* c, nint cStride, bool fresh, float* ahead)
    {
        if (runPacked != null)
            runPacked(depth, a, b, c, cStride, fresh, ahead);
        else
            run(depth, a, 1, Rows, b, c, cStride, fresh);
    }

    /// <summary>a[row * aRowStride + d]</summary>
    public void RunRows(nint depth, float* a, nint aRowStride, float* b, float* c, nint cStride, bool fresh, float* ahead)
    {
        if (runRows != null)
            runRows(depth, a, aRowStride, b, c, cStride, fresh, ahead);
        else
            run(depth, a, aRowStride, 1, b, c, cStride, fresh);
    }

    /// <summary>a[d * Rows + row], b[offsets[d] + column]</summary>
    public void RunOffsets(nint depth, float* a, float* b, int* offsets, float* c, nint cStride) => runOffsets(depth, a, b, offsets, c, cStride);
}
