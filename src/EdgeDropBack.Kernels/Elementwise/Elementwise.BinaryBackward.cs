using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Elementwise
{
    /// <summary>
    /// Gradients of both operands; da or db may be empty when not wanted, and may be dy where that operand is not repeated and the
    /// other gradient is not wanted. The gradient of a repeated operand is summed in row-major order of the result:
    /// repeated along the innermost merged dimension, each run by <see cref="Reduction.Sum8"/>, then runs in order;
    /// otherwise one chain per element.
    /// </summary>
    public static void BinaryBackward(BinaryKind kind, Broadcast broadcast,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> dy, Span<float> da, Span<float> db)
    {
        if (Vector256.IsHardwareAccelerated) BinaryBackwardWith<Lanes256>(kind, broadcast, a, b, dy, da, db);
        else BinaryBackwardWith<Lanes128x2>(kind, broadcast, a, b, dy, da, db);
    }

    /// <summary>Whether the gradients of a kind read a and b; Add and Sub read neither.</summary>
    public static bool BinaryBackwardReadsOperands(BinaryKind kind) => kind is not (BinaryKind.Add or BinaryKind.Sub);

    internal static void BinaryBackwardWith<T>(BinaryKind kind, Broadcast broadcast,
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> dy, Span<float> da, Span<float> db) where T : struct, ILanes<T>
    {
        bool reads = BinaryBackwardReadsOperands(kind);
        SpanGuard.AtLeast(dy.Length, broadcast.Count);
        if (reads) SpanGuard.AtLeast(a.Length, broadcast.CountA);
        if (reads) SpanGuard.AtLeast(b.Length, broadcast.CountB);
        SpanGuard.EmptyOr(da.Length, broadcast.CountA);
        SpanGuard.EmptyOr(db.Length, broadcast.CountB);
        if (!da.IsEmpty)
        {
            var visitor = new BinaryGradient<T, First>
            {
                Broadcast = broadcast,
                A = a,
                B = b,
                Dy = dy,
                Target = da,
                Reads = reads,
                TargetCount = broadcast.CountA,
                TargetStride = broadcast.StrideA[^1],
            };
            DispatchBinary(kind, ref visitor);
        }
        if (!db.IsEmpty)
        {
            var visitor = new BinaryGradient<T, Second>
            {
                Broadcast = broadcast,
                A = a,
                B = b,
                Dy = dy,
                Target = db,
                Reads = reads,
                TargetCount = broadcast.CountB,
                TargetStride = broadcast.StrideB[^1],
            };
            DispatchBinary(kind, ref visitor);
        }
    }

    interface ISide
    {
        static abstract bool IsFirst { get; }
    }

    readonly struct First : ISide
    {
        public static bool IsFirst => true;
    }

    readonly struct Second : ISide
    {
        public static bool IsFirst => false;
    }

    ref struct BinaryGradient<T, TSide> : IBinaryVisitor where T : struct, ILanes<T> where TSide : struct, ISide
    {
        internal Broadcast Broadcast;
        internal ReadOnlySpan<float> A, B, Dy;
        internal Span<float> Target;
        internal bool Reads;
        internal int TargetCount, TargetStride;

        public void Visit<TOperator>() where TOperator : struct, IBinaryOperator
        {
            bool repeated = TargetCount != Broadcast.Count;
            if (repeated) Target[..TargetCount].Clear();
            if (Broadcast.Count == 0) return;
            ref float dy = ref MemoryMarshal.GetReference(Dy);
            ref float a = ref Reads ? ref MemoryMarshal.GetReference(A) : ref dy;
            ref float b = ref Reads ? ref MemoryMarshal.GetReference(B) : ref dy;
            ref float target = ref MemoryMarshal.GetReference(Target);
            int inner = Broadcast.Inner, offsetA = 0, offsetB = 0;
            bool repeatA = Broadcast.StrideA[^1] == 0, repeatB = Broadcast.StrideB[^1] == 0;
            Span<int> index = stackalloc int[Broadcast.Rank - 1];
            index.Clear();
            T zero = T.Create(0f);
            for (int run = 0; run < Broadcast.Count; run += inner)
            {
                int offset = TSide.IsFirst ? offsetA : offsetB, i = 0;
                T va = T.Create(repeatA && Reads ? A[offsetA] : 0f), vb = T.Create(repeatB && Reads ? B[offsetB] : 0f), sum = zero;
                for (; i <= inner - T.Count; i += T.Count)
                {
                    if (!repeatA && Reads) va = T.Load(in a, offsetA + i);
                    if (!repeatB && Reads) vb = T.Load(in b, offsetB + i);
                    T g = Gradient<TOperator>(va, vb, T.Load(in dy, run + i));
                    if (TargetStride == 0) sum += g;
                    else T.Store(repeated ? T.Load(in target, offset + i) + g : g, ref target, offset + i);
                }
                if (i < inner)
                {
                    int rest = inner - i;
                    if (!repeatA && Reads) va = T.LoadPartial(in a, offsetA + i, rest, 0f);
                    if (!repeatB && Reads) vb = T.LoadPartial(in b, offsetB + i, rest, 0f);
                    T g = Gradient<TOperator>(va, vb, T.LoadPartial(in dy, run + i, rest, 0f));
                    // lanes past the end may hold 0/0: they must not reach the sum
                    if (TargetStride == 0) sum += Keep(g, rest);
                    else T.StorePartial(repeated ? T.LoadPartial(in target, offset + i, rest, 0f) + g : g, ref target, offset + i, rest);
                }
                if (TargetStride == 0) Target[offset] += T.TreeSum(sum);
                Broadcast.Next(index, ref offsetA, ref offsetB);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static T Gradient<TOperator>(T a, T b, T dy) where TOperator : struct, IBinaryOperator =>
            TSide.IsFirst ? TOperator.GradientA(a, b, dy) : TOperator.GradientB(a, b, dy);

        static T Keep(T value, int count)
        {
            Span<float> lanes = stackalloc float[8];
            lanes.Clear();
            T.StorePartial(value, ref lanes[0], 0, count);
            return T.Load(in lanes[0], 0);
        }
    }
}
