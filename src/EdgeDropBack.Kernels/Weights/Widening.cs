using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Half-precision bits to binary32, exactly; pointers may be unaligned.</summary>
static unsafe class Widening
{
    const int Float16ExponentShift = 13;
    const uint Float16Magnitude = 0x7FFF;
    const uint Float16Infinity = 0x7C00;

    // 2^112: moves a binary16 exponent (bias 15), shifted into place, to binary32's (bias 127); exact, subnormals included.
    const float Float16Rebias = 5.192296858534828e33f;

    public static void BFloat16(byte* source, float* destination, nint count)
    {
        nint i = 0;
        for (; i + 8 <= count; i += 8)
        {
            var bits = Vector128.Load(source + 2 * i).AsUInt16();
            var (low, high) = Vector128.Widen(bits);
            (low << 16).AsSingle().Store(destination + i);
            (high << 16).AsSingle().Store(destination + i + 4);
        }
        for (; i < count; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source + 2 * i) << 16);
    }

    public static void Float16(byte* source, float* destination, nint count)
    {
        nint i = 0;
        for (; i + 8 <= count; i += 8)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(source + 2 * i).AsUInt16());
            Float16(low).Store(destination + i);
            Float16(high).Store(destination + i + 4);
        }
        for (; i < count; i++)
            destination[i] = Float16(Vector128.CreateScalar((uint)Unsafe.ReadUnaligned<ushort>(source + 2 * i))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Float16(Vector128<uint> bits)
    {
        var magnitude = bits & Vector128.Create(Float16Magnitude);
        var sign = (bits & Vector128.Create(~Float16Magnitude)) << 16;
        var finite = (magnitude << Float16ExponentShift).AsSingle() * Vector128.Create(Float16Rebias);
        var special = (magnitude << Float16ExponentShift) | Vector128.Create(0x7F800000u);
        var isSpecial = Vector128.GreaterThanOrEqual(magnitude.AsInt32(), Vector128.Create((int)Float16Infinity)).AsUInt32();
        return (Vector128.ConditionalSelect(isSpecial, special, finite.AsUInt32()) | sign).AsSingle();
    }
}
