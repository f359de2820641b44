using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels.Tests;

/// <summary>Quantized bases for tests.</summary>
static class Quantized
{
    /// <summary>Stored weights that start at an odd address.</summary>
    public static ReadOnlySpan<byte> Bytes(BaseKind kind, long length, uint seed)
    {
        var bytes = new byte[length * kind.BytesPerElement() + 1].AsSpan(1);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)IndexedRandom.Hash(seed, 17, (ulong)i);
        if (kind == BaseKind.RoundedFloat32) MemoryMarshal.AsBytes(Values.Normal(length, seed).AsSpan()).CopyTo(bytes);
        return bytes;
    }

    public static Quantization Scales(BaseKind kind, int channels, int inner, uint seed)
    {
        var isSigned = kind != BaseKind.UInt8;
        var scales = Values.Normal(channels, seed + 9).Select(v => 0.001f + 0.02f * Math.Abs(v)).ToArray();
        var zeroPoints = Enumerable.Range(0, channels).Select(c => kind == BaseKind.Int32 ? 0 : c * 7 % 100 - (isSigned ? 50 : 0)).ToArray();
        return kind == BaseKind.Int32 ? new(scales, zeroPoints, inner, int.MinValue, int.MaxValue)
            : isSigned ? new(scales, zeroPoints, inner, -128, 127) : new(scales, zeroPoints, inner, 0, 255);
    }
}
