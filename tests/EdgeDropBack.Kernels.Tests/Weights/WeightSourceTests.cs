using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels.Tests;

public sealed class WeightSourceTests
{
    [Theory]
    [InlineData(BaseKind.Float32)]
    [InlineData(BaseKind.Float16)]
    [InlineData(BaseKind.BFloat16)]
    [InlineData(BaseKind.Regenerated)]
    [InlineData(BaseKind.Zero)]
    [InlineData(BaseKind.UInt8)]
    [InlineData(BaseKind.Int8)]
    [InlineData(BaseKind.Int32)]
    [InlineData(BaseKind.RoundedFloat32)]
    public void TrackedValuesReplaceTheBaseAcrossTileEdges(BaseKind kind)
    {
        const int Length = 2 * WeightSource.TileSize + 1000;
        var tracked = new Tracked(Length, 50, 11);
        var expected = new float[Length];
        Tracked.Source(kind, Length, 1).CopyTo(0, expected);
        for (var i = 0; i < tracked.Flat.Count; i++)
            expected[tracked.Flat[i]] = tracked.Values[i];
        var source = tracked.Over(Tracked.Source(kind, Length, 1));
        foreach (var start in (int[])[0, 1, 65000, 65535, 65536, 131071, Length - 700])
        {
            foreach (var count in (int[])[0, 1, 7, 8, 9, 257, 700])
            {
                var output = Values.Guarded(count);
                source.CopyTo(start, Values.Inside(output));
                Values.SameGuarded(expected.AsSpan(start, count), output, $"{kind} {start}+{count}");
            }
        }
        Assert.Equal(expected[65536], source[65536]);
    }

    [Fact]
    public void EveryHalfPrecisionPatternIsWidenedExactly()
    {
        var patterns = new ushort[65536];
        for (var i = 0; i < patterns.Length; i++)
            patterns[i] = (ushort)i;
        float[] half = new float[65536], brain = new float[65536];
        WeightSource.Stored(BaseKind.Float16, MemoryMarshal.AsBytes(patterns.AsSpan())).CopyTo(0, half);
        WeightSource.Stored(BaseKind.BFloat16, MemoryMarshal.AsBytes(patterns.AsSpan())).CopyTo(0, brain);
        var expectedHalf = patterns.Select(p => (float)BitConverter.UInt16BitsToHalf(p)).ToArray();
        var expectedBrain = patterns.Select(p => BitConverter.UInt32BitsToSingle((uint)p << 16)).ToArray();
        Values.Same(expectedHalf, half, "binary16");
        Values.Same(expectedBrain, brain, "bfloat16");
    }

    [Fact]
    public void EntriesThatDoNotFitTheTilesAreRefused()
    {
        Assert.Throws<ArgumentException>(() => WeightSource.Zero(100000).WithTracked([0, 1], [5], [1f]).Length);
        Assert.Throws<ArgumentException>(() => WeightSource.Zero(100).WithTracked([0, 2], [5], [1f]).Length);
        Assert.Throws<ArgumentException>(() => WeightSource.Stored(BaseKind.Float32, new byte[7]).Length);
        Assert.Throws<ArgumentException>(() => WeightSource.Stored(BaseKind.Zero, new byte[8]).Length);
        Assert.Throws<ArgumentException>(() => WeightSource.Stored(BaseKind.Int8, new byte[8]).Length);
        Assert.Throws<ArgumentException>(() => WeightSource.Stored(BaseKind.Float32, new byte[8], new([1f], [0], 1, 0, 255)).Length);
        Assert.Throws<ArgumentException>(() => WeightSource.Stored(BaseKind.Int32, new byte[7], new([1f], [0], 1, 0, 255)).Length);
    }

    [Fact]
    public void ReadingOutsideIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightSource.Zero(10).CopyTo(8, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightSource.Zero(10)[-1]);
    }
}
