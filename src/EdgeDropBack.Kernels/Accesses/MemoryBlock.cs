namespace EdgeDropBack.Kernels;

/// <summary>A place in memory as a replay sees it.</summary>
/// <param name="address">Of its first byte.</param>
/// <param name="owner">What lies there, as the reader of the accesses numbers it.</param>
public readonly struct MemoryBlock(long address, int owner)
{
    public long Address => address;

    public int Owner => owner;

    /// <summary>The same from a float on.</summary>
    public MemoryBlock From(long floats) => new(address + floats * sizeof(float), owner);
}
