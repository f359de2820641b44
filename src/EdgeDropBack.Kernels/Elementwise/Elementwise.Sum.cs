using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Elementwise
{
    internal static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, bool rectified)
    {
        if (Vector256.IsHardwareAccelerated) SumWith<Lanes256>(a, b, y, rectified);
        else SumWith<Lanes128x2>(a, b, y, rectified);
    }

    internal static void SumBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> da, Span<float> db)
    {
        if (Vector256.IsHardwareAccelerated) SumBackwardWith<Lanes256>(y, dy, da, db);
        else SumBackwardWith<Lanes128x2>(y, dy, da, db);
    }

    internal static void SumWith<T>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y, bool rectified) where T : struct, ILanes<T>
    {
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref float pb = ref MemoryMarshal.GetReference(b);
        ref float py = ref MemoryMarshal.GetReference(y);
        int count = a.Length, i = 0;
        for (; i <= count - T.Count; i += T.Count) T.Store(Sum(T.Load(in pa, i), T.Load(in pb, i)), ref py, i);
        if (i < count) T.StorePartial(Sum(T.LoadPartial(in pa, i, count - i, 0f), T.LoadPartial(in pb, i, count - i, 0f)), ref py, i, count - i);

        T Sum(T left, T right) => rectified ? UnaryOperators.Relu.Forward(left + right, default, default) : left + right;
    }

    internal static void SumBackwardWith<T>(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> da, Span<float> db) where T : struct, ILanes<T>
    {
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pd = ref MemoryMarshal.GetReference(dy);
        ref float pa = ref MemoryMarshal.GetReference(da);
        ref float pb = ref MemoryMarshal.GetReference(db);
        bool rectified = !y.IsEmpty, first = !da.IsEmpty, second = !db.IsEmpty;
        int count = dy.Length, i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            T d = T.Load(in pd, i);
            if (rectified) d = UnaryOperators.Relu.Backward(default, T.Load(in py, i), d, default, default);
            if (first) T.Store(d, ref pa, i);
            if (second) T.Store(d, ref pb, i);
        }
        if (i == count) return;
        int rest = count - i;
        T last = T.LoadPartial(in pd, i, rest, 0f);
        if (rectified) last = UnaryOperators.Relu.Backward(default, T.LoadPartial(in py, i, rest, 0f), last, default, default);
        if (first) T.StorePartial(last, ref pa, i, rest);
        if (second) T.StorePartial(last, ref pb, i, rest);
    }
}
