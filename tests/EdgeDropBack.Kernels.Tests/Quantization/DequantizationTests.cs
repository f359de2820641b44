using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels.Tests;

public sealed unsafe class DequantizationTests
{
    public static TheoryData<BaseKind, int, int> Forms
    {
        get
        {
            var data = new TheoryData<BaseKind, int, int>();
            foreach (var kind in Enum.GetValues<BaseKind>().Where(kind => kind.IsQuantized()))
                foreach (var (channels, inner) in ((int, int)[])[(1, 1), (4, 1), (37, 1), (3, 9), (5, 64), (2, 300)]) data.Add(kind, channels, inner);
            return data;
        }
    }

    /// <summary>Per tensor, per row and per column, at 128 and at 256 bits, from any weight on.</summary>
    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryWidthEqualsTheReference(BaseKind kind, int channels, int inner)
    {
        const int Length = 900;
        var stored = Quantized.Bytes(kind, Length, 3).ToArray();
        var quantization = Quantized.Scales(kind, channels, inner, 4);
        var expected = Enumerable.Range(0, Length).Select(i => Reference.Dequantized(kind, stored, quantization, i)).ToArray();
        for (var start = 0; start < 40; start += 13)
        {
            for (var count = 0; count <= 256; count++)
            {
                foreach (var wide in (bool[])[true, false])
                {
                    var output = Values.Guarded(count);
                    fixed (byte* source = stored)
                    fixed (float* destination = Values.Inside(output))
                        Dequantization.Fill(kind, source, quantization, start, count, destination, wide);
                    Values.EqualGuarded(expected.AsSpan(start, count), output, $"{kind} {channels}x{inner} {start}+{count} {wide}");
                }
            }
        }
        var source0 = WeightSource.Stored(kind, stored, quantization);
        for (var i = 0; i < Length; i++) Assert.Equal(expected[i], source0[i]);
        var gathered = new float[3];
        source0.Gather(0, [1, 300, 899], gathered);
        Values.Equal([expected[1], expected[300], expected[899]], gathered, "gather");
    }

    [Fact]
    public void EveryByteIsDequantizedExactly()
    {
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var (unsigned, signed) = (new float[256], new float[256]);
        WeightSource.Stored(BaseKind.UInt8, all, new([0.25f], [128], 1, 0, 255)).CopyTo(0, unsigned);
        WeightSource.Stored(BaseKind.Int8, all, new([0.5f], [-3], 1, -128, 127)).CopyTo(0, signed);
        Values.Equal([.. all.Select(b => (b - 128) * 0.25f)], unsigned, "uint8");
        Values.Equal([.. all.Select(b => ((sbyte)b + 3) * 0.5f)], signed, "int8");
    }

    [Fact]
    public void RoundingGoesToEvenAndClips()
    {
        float[] x = [0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.4f, 126.5f, 127.6f, 1e9f, -1e9f, float.PositiveInfinity, float.NaN];
        var rounded = new float[x.Length];
        WeightSource.Stored(BaseKind.RoundedFloat32, MemoryMarshal.AsBytes(x.AsSpan()), new([1f], [0], 1, -128, 127)).CopyTo(0, rounded);
        Assert.Equal([0f, 2f, 2f, 0f, -2f, 126f, 126f, 127f, 127f, -128f, 127f, float.NaN], rounded);
    }

    [Fact]
    public void AQuantizationThatIsNoneIsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Quantization([], [], 1, 0, 255));
        Assert.Throws<ArgumentException>(() => new Quantization([1f, 2f], [0], 1, 0, 255));
        Assert.Throws<ArgumentException>(() => new Quantization([1f], [0], 0, 0, 255));
    }
}
