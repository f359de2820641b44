using System.Runtime.CompilerServices;
using static System.BitConverter;

namespace EdgeDropBack.Kernels;

/// <summary>One float: the scalar reference of <see cref="ILanes{T}"/>.</summary>
readonly struct Lanes1(float value) : ILanes<Lanes1>
{
    internal readonly float Value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Create(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 CreateBits(int value) => new(Int32BitsToSingle(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(ref readonly float source, nint offset) => new(Unsafe.Add(ref Unsafe.AsRef(in source), offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 value, ref float destination, nint offset) => Unsafe.Add(ref destination, offset) = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadPartial(ref readonly float source, nint offset, int count, float fill) => new(fill);

    public static void StorePartial(Lanes1 value, ref float destination, nint offset, int count)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a) => new(-a.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator &(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(SingleToInt32Bits(a.Value) & SingleToInt32Bits(b.Value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator |(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(SingleToInt32Bits(a.Value) | SingleToInt32Bits(b.Value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Fma(Lanes1 a, Lanes1 b, Lanes1 c) => new(MathF.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Sqrt(Lanes1 a) => new(MathF.Sqrt(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Abs(Lanes1 a) => new(MathF.Abs(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Floor(Lanes1 a) => new(MathF.Floor(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Ceiling(Lanes1 a) => new(MathF.Ceiling(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Round(Lanes1 a) => new(MathF.Round(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Less(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(a.Value < b.Value ? -1 : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LessOrEqual(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(a.Value <= b.Value ? -1 : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Equal(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(a.Value == b.Value ? -1 : 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Select(Lanes1 mask, Lanes1 whenSet, Lanes1 whenClear) => SingleToInt32Bits(mask.Value) != 0 ? whenSet : whenClear;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AddBits(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(SingleToInt32Bits(a.Value) + SingleToInt32Bits(b.Value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SubtractBits(Lanes1 a, Lanes1 b) => new(Int32BitsToSingle(SingleToInt32Bits(a.Value) - SingleToInt32Bits(b.Value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftLeftBits(Lanes1 a, int count) => new(Int32BitsToSingle(SingleToInt32Bits(a.Value) << count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftRightBits(Lanes1 a, int count) => new(Int32BitsToSingle(SingleToInt32Bits(a.Value) >> count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ConvertBits(Lanes1 a) => new(SingleToInt32Bits(a.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Pow(Lanes1 a, Lanes1 b) => new(DeterministicMath.Pow(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Lanes1 a) => a.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeMax(Lanes1 a) => a.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeProduct(Lanes1 a) => a.Value;
}
