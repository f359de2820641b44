namespace EdgeDropBack.Kernels;

/// <summary>
/// The micro-kernels of one instruction set, highest first. All but <see cref="Wide"/> share their columns; all give the same bits.
/// </summary>
sealed unsafe class KernelFamily(string name, bool supported, params MicroKernel[] shapes)
{
    readonly MicroKernel[] _shapes = shapes;
    readonly MicroKernel[] _blockShapes = shapes;

    public string Name { get; } = name;

    public bool Supported { get; } = supported;

    /// <summary>A kernel of more columns, faster than the others where both sides come in blocks (<see cref="BlockScratch"/>).</summary>
    public MicroKernel Wide
    {
        init => _blockShapes = [value, .. _shapes];
    }

    /// <summary>
    /// (constants, index, key before, destination, vectors): near-normal values of consecutive indices, sixteen a vector and at least one, with
    /// the constants of <see cref="RandomRun"/>; null where that does it all.
    /// </summary>
    public delegate*<uint*, uint, uint, float*, nint, void> NormalRun { get; init; }

    /// <summary>The kernel for a product of that many rows.</summary>
    public ref readonly MicroKernel For(int rows) => ref Best(_shapes, rows, 1);

    /// <summary>The kernel for blocks of that many rows and columns.</summary>
    public ref readonly MicroKernel ForBlocks(int rows, int columns) => ref Best(_blockShapes, rows, columns);

    /// <summary>The one that computes fewest for nothing; a later one must save a sixteenth.</summary>
    static ref readonly MicroKernel Best(MicroKernel[] shapes, int rows, int columns)
    {
        var best = 0;
        for (var shape = 1; shape < shapes.Length; shape++)
            if (Computed(shapes[shape], rows, columns) * 17 <= Computed(shapes[best], rows, columns) * 16)
                best = shape;
        return ref shapes[best];
    }

    static long Computed(in MicroKernel kernel, int rows, int columns) =>
        (long)GemmTuning.RoundUp(rows, kernel.Rows) * GemmTuning.RoundUp(columns, kernel.Columns);
}
