namespace EdgeDropBack.Kernels;

/// <summary>
/// A group of float lanes with IEEE 754 operations only, so that one generic body gives the same bits at every width.
/// Comparisons return masks (all bits set or none per lane). Members named ...Bits work on the int32 view of the lanes.
/// </summary>
interface ILanes<T> where T : struct, ILanes<T>
{
    static abstract int Count { get; }
    static abstract T Create(float value);
    static abstract T CreateBits(int value);
    static abstract T Load(ref readonly float source, nint offset);
    static abstract void Store(T value, ref float destination, nint offset);

    /// <summary>Loads count &lt; Count lanes; the others hold <paramref name="fill"/>.</summary>
    static abstract T LoadPartial(ref readonly float source, nint offset, int count, float fill);

    static abstract void StorePartial(T value, ref float destination, nint offset, int count);

    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    static abstract T operator -(T a);
    static abstract T operator &(T a, T b);
    static abstract T operator |(T a, T b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract T Fma(T a, T b, T c);

    static abstract T Sqrt(T a);
    static abstract T Abs(T a);
    static abstract T Floor(T a);
    static abstract T Ceiling(T a);

    /// <summary>Nearest integer, halves to even.</summary>
    static abstract T Round(T a);

    static abstract T Less(T a, T b);
    static abstract T LessOrEqual(T a, T b);
    static abstract T Equal(T a, T b);
    static abstract T Select(T mask, T whenSet, T whenClear);
    static abstract T AddBits(T a, T b);
    static abstract T SubtractBits(T a, T b);
    static abstract T ShiftLeftBits(T a, int count);

    /// <summary>Arithmetic shift right.</summary>
    static abstract T ShiftRightBits(T a, int count);

    /// <summary>Converts each lane's int32 value to float.</summary>
    static abstract T ConvertBits(T a);

    static abstract T Pow(T a, T b);

    /// <summary>((l0+l4)+(l2+l6))+((l1+l5)+(l3+l7)) for eight lanes.</summary>
    static abstract float TreeSum(T a);

    /// <summary>Largest lane; NaN wins, and +0 is larger than -0.</summary>
    static abstract float TreeMax(T a);

    /// <summary>The tree of <see cref="TreeSum"/> with products.</summary>
    static abstract float TreeProduct(T a);
}
