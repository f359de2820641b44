using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Eight lanes in two 128-bit vectors (arm64 AdvSimd, and x64 without AVX2).</summary>
readonly struct Lanes128x2(Vector128<float> low, Vector128<float> high) : ILanes<Lanes128x2>
{
    internal readonly Vector128<float> Low = low;
    internal readonly Vector128<float> High = high;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Create(float value) => new(Vector128.Create(value), Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 CreateBits(int value) => new(Vector128.Create(value).AsSingle(), Vector128.Create(value).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Load(ref readonly float source, nint offset) =>
        new(Vector128.LoadUnsafe(in source, (nuint)offset), Vector128.LoadUnsafe(in source, (nuint)offset + 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128x2 value, ref float destination, nint offset)
    {
        value.Low.StoreUnsafe(ref destination, (nuint)offset);
        value.High.StoreUnsafe(ref destination, (nuint)offset + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 LoadPartial(ref readonly float source, nint offset, int count, float fill)
    {
        ref float first = ref Unsafe.Add(ref Unsafe.AsRef(in source), offset);
        return count < 4
            ? new(Few(ref first, count, fill), Vector128.Create(fill))
            : new(Vector128.LoadUnsafe(ref first), Few(ref Unsafe.Add(ref first, 4), count - 4, fill));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(Lanes128x2 value, ref float destination, nint offset, int count)
    {
        ref float first = ref Unsafe.Add(ref destination, offset);
        if (count < 4)
        {
            StoreFew(value.Low, ref first, count);
            return;
        }
        value.Low.StoreUnsafe(ref first);
        StoreFew(value.High, ref Unsafe.Add(ref first, 4), count - 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Few(ref float first, int count, float fill)
    {
        var lanes = Vector128.Create(fill);
        if (count > 0) lanes = lanes.WithElement(0, first);
        if (count > 1) lanes = lanes.WithElement(1, Unsafe.Add(ref first, 1));
        return count > 2 ? lanes.WithElement(2, Unsafe.Add(ref first, 2)) : lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreFew(Vector128<float> lanes, ref float first, int count)
    {
        if (count > 0) first = lanes.GetElement(0);
        if (count > 1) Unsafe.Add(ref first, 1) = lanes.GetElement(1);
        if (count > 2) Unsafe.Add(ref first, 2) = lanes.GetElement(2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator +(Lanes128x2 a, Lanes128x2 b) => new(a.Low + b.Low, a.High + b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator -(Lanes128x2 a, Lanes128x2 b) => new(a.Low - b.Low, a.High - b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator *(Lanes128x2 a, Lanes128x2 b) => new(a.Low * b.Low, a.High * b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator /(Lanes128x2 a, Lanes128x2 b) => new(a.Low / b.Low, a.High / b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator -(Lanes128x2 a) => new(-a.Low, -a.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator &(Lanes128x2 a, Lanes128x2 b) => new(a.Low & b.Low, a.High & b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 operator |(Lanes128x2 a, Lanes128x2 b) => new(a.Low | b.Low, a.High | b.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Fma(Lanes128x2 a, Lanes128x2 b, Lanes128x2 c) =>
        new(Vector128.FusedMultiplyAdd(a.Low, b.Low, c.Low), Vector128.FusedMultiplyAdd(a.High, b.High, c.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Sqrt(Lanes128x2 a) => new(Vector128.Sqrt(a.Low), Vector128.Sqrt(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Abs(Lanes128x2 a) => new(Vector128.Abs(a.Low), Vector128.Abs(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Floor(Lanes128x2 a) => new(Vector128.Floor(a.Low), Vector128.Floor(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Ceiling(Lanes128x2 a) => new(Vector128.Ceiling(a.Low), Vector128.Ceiling(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Round(Lanes128x2 a) => new(Vector128.Round(a.Low), Vector128.Round(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Less(Lanes128x2 a, Lanes128x2 b) =>
        new(Vector128.LessThan(a.Low, b.Low), Vector128.LessThan(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 LessOrEqual(Lanes128x2 a, Lanes128x2 b) =>
        new(Vector128.LessThanOrEqual(a.Low, b.Low), Vector128.LessThanOrEqual(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Equal(Lanes128x2 a, Lanes128x2 b) =>
        new(Vector128.Equals(a.Low, b.Low), Vector128.Equals(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 Select(Lanes128x2 mask, Lanes128x2 whenSet, Lanes128x2 whenClear) =>
        new(Vector128.ConditionalSelect(mask.Low, whenSet.Low, whenClear.Low),
            Vector128.ConditionalSelect(mask.High, whenSet.High, whenClear.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 AddBits(Lanes128x2 a, Lanes128x2 b) =>
        new((a.Low.AsInt32() + b.Low.AsInt32()).AsSingle(), (a.High.AsInt32() + b.High.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 SubtractBits(Lanes128x2 a, Lanes128x2 b) =>
        new((a.Low.AsInt32() - b.Low.AsInt32()).AsSingle(), (a.High.AsInt32() - b.High.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 ShiftLeftBits(Lanes128x2 a, int count) =>
        new((a.Low.AsInt32() << count).AsSingle(), (a.High.AsInt32() << count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 ShiftRightBits(Lanes128x2 a, int count) =>
        new((a.Low.AsInt32() >> count).AsSingle(), (a.High.AsInt32() >> count).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128x2 ConvertBits(Lanes128x2 a) =>
        new(Vector128.ConvertToSingle(a.Low.AsInt32()), Vector128.ConvertToSingle(a.High.AsInt32()));

    public static Lanes128x2 Pow(Lanes128x2 a, Lanes128x2 b)
    {
        Span<float> x = stackalloc float[8], y = stackalloc float[8];
        Store(a, ref x[0], 0);
        Store(b, ref y[0], 0);
        for (int i = 0; i < 8; i++) x[i] = DeterministicMath.Pow(x[i], y[i]);
        return Load(in x[0], 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float TreeSum(Lanes128x2 a)
    {
        var four = a.Low + a.High;
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.GetElement(0) + two.GetElement(1);
    }

    public static float TreeMax(Lanes128x2 a)
    {
        var four = Vector128.Max(a.Low, a.High);
        var two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3)));
        return Vector128.Max(two, Vector128.Shuffle(two, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }

    public static float TreeProduct(Lanes128x2 a)
    {
        var four = a.Low * a.High;
        return four.GetElement(0) * four.GetElement(2) * (four.GetElement(1) * four.GetElement(3));
    }
}
