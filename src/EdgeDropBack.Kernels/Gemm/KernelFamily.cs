namespace EdgeDropBack.Kernels;

/// <summary>The micro-kernels of one instruction set, highest first. They share their columns and give the same bits.</summary>
sealed unsafe class KernelFamily(string name, bool supported, params MicroKernel[] shapes)
{
    public string Name { get; } = name;

    public bool Supported { get; } = supported;

    /// <summary>
    /// (constants, index, key before, destination, vectors): near-normal values of consecutive indices, sixteen a vector and at least one, with
    /// the constants of <see cref="RandomRun"/>; null where that does it all.
    /// </summary>
    public delegate*<uint*, uint, uint, float*, nint, void> NormalRun { get; init; }

    /// <summary>The kernel for a product of that many rows: the one that computes fewest for nothing; a lower one must save a sixteenth.</summary>
    public ref readonly MicroKernel For(int rows)
    {
        var best = 0;
        for (var shape = 1; shape < shapes.Length; shape++)
            if (GemmTuning.RoundUp(rows, shapes[shape].Rows) * 17L <= GemmTuning.RoundUp(rows, shapes[best].Rows) * 16L)
                best = shape;
        return ref shapes[best];
    }
}
