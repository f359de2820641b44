namespace EdgeDropBack.Kernels;

/// <summary>
/// c[Rows, Columns] = chain over depth of a[d, row] * b[d, column], going on from c, or from 0 when fresh (c is then not read).
/// Panels are packed, depth is at least 1, rows of c are cStride apart.
/// </summary>
readonly unsafe struct MicroKernel(string name, bool supported, int rows, int columns,
    delegate*<nint, float*, float*, float*, nint, bool, void> run, bool hasThin = false)
{
    public string Name { get; } = name;

    public bool Supported { get; } = supported;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    /// <summary>Whether this instruction set has the kernels of <see cref="ThinProductJob"/>.</summary>
    public bool HasThin { get; } = hasThin;

    /// <summary>(depth, a, b, c, cStride, fresh)</summary>
    public delegate*<nint, float*, float*, float*, nint, bool, void> Run { get; } = run;
}
