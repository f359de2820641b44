namespace EdgeDropBack.Kernels;

/// <summary>
/// Receives what kernels read and write, run by run in the order of their loops. Each kernel describes itself in a file beside its loops,
/// with the loops' own block sizes, for one thread. Places that stay in registers, and single values on the stack, are left out.
/// </summary>
/// <param name="kernels">Name of the kernels, which need not run on this machine.</param>
/// <param name="scratch">The worker's scratch.</param>
public abstract class AccessStream(string kernels, MemoryBlock scratch)
{
    internal KernelFamily Kernels { get; } = KernelTable.Named(kernels);

    internal MemoryBlock Scratch => scratch;

    /// <param name="start">First byte within the block.</param>
    public abstract void ReadBytes(MemoryBlock block, long start, long bytes);

    /// <param name="start">First byte within the block.</param>
    public abstract void WriteBytes(MemoryBlock block, long start, long bytes);

    public void Read(MemoryBlock block, long start, long floats) => ReadBytes(block, start * sizeof(float), floats * sizeof(float));

    public void Write(MemoryBlock block, long start, long floats) => WriteBytes(block, start * sizeof(float), floats * sizeof(float));

    /// <summary>Rows of <paramref name="columns"/> floats, <paramref name="stride"/> apart.</summary>
    public void ReadRows(MemoryBlock block, long rows, long stride, long columns)
    {
        for (long r = 0; r < rows; r++) Read(block, r * stride, columns);
    }

    public void WriteRows(MemoryBlock block, long rows, long stride, long columns)
    {
        for (long r = 0; r < rows; r++) Write(block, r * stride, columns);
    }
}
