using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>An arena of floats in native memory, zeroed, its start aligned to 64 bytes. Spans are valid until <see cref="Dispose"/>.</summary>
public sealed unsafe class AlignedBuffer : IDisposable
{
    /// <summary>Alignment of the first element in bytes: one cache line, the widest vector.</summary>
    public const int Alignment = 64;
    void* _block;
    float* _start;

    public AlignedBuffer(long floats)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(floats);
        Length = floats;
        nuint bytes = checked((nuint)floats * sizeof(float));
        // Zeroed by the system page by page on first use: a plan that is refused for its size never occupies memory.
        _block = NativeMemory.AllocZeroed(bytes + Alignment);
        _start = (float*)(((nuint)_block + Alignment - 1) / Alignment * Alignment);
        if (bytes > 0) GC.AddMemoryPressure((long)bytes);
    }

    ~AlignedBuffer() => Free();

    /// <summary>Floats in the buffer.</summary>
    public long Length { get; }

    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the buffer.</exception>
    public Span<float> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        ObjectDisposedException.ThrowIf(_start == null, this);
        return new(_start + offset, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (_start == null) return;
        NativeMemory.Free(_block);
        _block = _start = null;
        if (Length > 0) GC.RemoveMemoryPressure(Length * sizeof(float));
    }
}
