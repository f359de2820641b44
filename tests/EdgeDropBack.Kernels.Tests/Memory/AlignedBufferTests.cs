using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels.Tests;

public sealed unsafe class AlignedBufferTests
{
    [Fact]
    public void TheArenaIsZeroedAndStartsOnACacheLine()
    {
        using var buffer = new AlignedBuffer(1003);
        var all = buffer.Slice(0, 1003);
        Assert.Equal(0u, (nuint)Unsafe.AsPointer(ref all[0]) % AlignedBuffer.Alignment);
        Assert.True(all.IndexOfAnyExcept(0f) < 0);
        buffer.Slice(1000, 3)[2] = 5f;
        Assert.Equal(5f, all[1002]);
    }

    [Fact]
    public void RangesOutsideAndUseAfterDisposeAreRefused()
    {
        var buffer = new AlignedBuffer(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(8, 3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(long.MaxValue, 1).Length);
        Assert.Equal(0, buffer.Slice(10, 0).Length);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Slice(0, 1).Length);
        new AlignedBuffer(0).Dispose();
    }
}
