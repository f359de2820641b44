using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>Eight lanes in one 256-bit vector (x64 with AVX2 and FMA).</summary>
readonly struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    internal readonly Vector256<float> Value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 CreateBits(int value) => new(Vector256.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref readonly float source, nint offset) => new(Vector256.LoadUnsafe(in source, (nuint)offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref float destination, nint offset) => value.Value.StoreUnsafe(ref destination, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Lanes256 LoadPartial(ref readonly float source, nint offset, int count, float fill)
    {
        if (!Avx.IsSupported)
        {
            var pair = Lanes128x2.LoadPartial(in source, offset, count, fill);
            return new(Vector256.Create(pair.Low, pair.High));
        }
        var mask = Mask(count);
        fixed (float* start = &Unsafe.Add(ref Unsafe.AsRef(in source), offset))
            return new(Vector256.ConditionalSelect(mask, Avx.MaskLoad(start, mask), Vector256.Create(fill)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void StorePartial(Lanes256 value, ref float destination, nint offset, int count)
    {
        if (!Avx.IsSupported)
        {
            Lanes128x2.StorePartial(Split(value), ref destination, offset, count);
            return;
        }
        fixed (float* start = &Unsafe.Add(ref destination, offset)) Avx.MaskStore(start, Mask(count), value.Value);
    }

    static ReadOnlySpan<int> MaskWindow => [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>All bits in the first count lanes, none in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Mask(int count) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(MaskWindow), (nuint)(8 - count)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator &(Lanes256 a, Lanes256 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator |(Lanes256 a, Lanes256 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Floor(Lanes256 a) => new(Vector256.Floor(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Ceiling(Lanes256 a) => new(Vector256.Ceiling(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Round(Lanes256 a) => new(Vector256.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Less(Lanes256 a, Lanes256 b) => new(Vector256.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LessOrEqual(Lanes256 a, Lanes256 b) => new(Vector256.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Equal(Lanes256 a, Lanes256 b) => new(Vector256.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 whenSet, Lanes256 whenClear) => new(Vector256.ConditionalSelect(mask.Value, whenSet.Value, whenClear.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddBits(Lanes256 a, Lanes256 b) => new((a.Value.AsInt32() + b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SubtractBits(Lanes256 a, Lanes256 b) => new((a.Value.AsInt32() - b.Value.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftLeftBits(Lanes256 a, int count) => new((a.Value.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftRightBits(Lanes256 a, int count) => new((a.Value.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ConvertBits(Lanes256 a) => new(Vector256.ConvertToSingle(a.Value.AsInt32()));

    public static Lanes256 Pow(Lanes256 a, Lanes256 b)
    {
        Vector256<float> result = default;
        for (int i = 0; i < 8; i++) result = result.WithElement(i, DeterministicMath.Pow(a.Value.GetElement(i), b.Value.GetElement(i)));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Lanes256 a) => Lanes128x2.TreeSum(Split(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeMax(Lanes256 a) => Lanes128x2.TreeMax(Split(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeProduct(Lanes256 a) => Lanes128x2.TreeProduct(Split(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Lanes128x2 Split(Lanes256 a) => new(a.Value.GetLower(), a.Value.GetUpper());
}
