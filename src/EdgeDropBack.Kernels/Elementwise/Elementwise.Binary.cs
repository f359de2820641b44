using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Elementwise
{
    /// <summary>y = f(a, b) over the broadcast; y may be a or b where that operand is not repeated.</summary>
    public static void Binary(BinaryKind kind, Broadcast broadcast, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated) BinaryWith<Lanes256>(kind, broadcast, a, b, y);
        else BinaryWith<Lanes128x2>(kind, broadcast, a, b, y);
    }

    internal static void BinaryWith<T>(BinaryKind kind, Broadcast broadcast, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(a.Length, broadcast.CountA);
        SpanGuard.AtLeast(b.Length, broadcast.CountB);
        SpanGuard.AtLeast(y.Length, broadcast.Count);
        var visitor = new BinaryForward<T> { Broadcast = broadcast, A = a, B = b, Y = y };
        DispatchBinary(kind, ref visitor);
    }

    static void DispatchBinary<TVisitor>(BinaryKind kind, ref TVisitor visitor) where TVisitor : struct, IBinaryVisitor, allows ref struct
    {
        switch (kind)
        {
            case BinaryKind.Add: visitor.Visit<BinaryOperators.Add>(); break;
            case BinaryKind.Sub: visitor.Visit<BinaryOperators.Sub>(); break;
            case BinaryKind.Mul: visitor.Visit<BinaryOperators.Mul>(); break;
            case BinaryKind.Div: visitor.Visit<BinaryOperators.Div>(); break;
            case BinaryKind.Pow: visitor.Visit<BinaryOperators.Pow>(); break;
            case BinaryKind.Min: visitor.Visit<BinaryOperators.Min>(); break;
            case BinaryKind.Max: visitor.Visit<BinaryOperators.Max>(); break;
            case BinaryKind.PRelu: visitor.Visit<BinaryOperators.PRelu>(); break;
            default: throw new ArgumentException($"unknown binary kind {(int)kind}");
        }
    }

    ref struct BinaryForward<T> : IBinaryVisitor where T : struct, ILanes<T>
    {
        internal Broadcast Broadcast;
        internal ReadOnlySpan<float> A, B;
        internal Span<float> Y;

        public void Visit<TOperator>() where TOperator : struct, IBinaryOperator
        {
            if (Broadcast.Count == 0) return;
            ref float a = ref MemoryMarshal.GetReference(A);
            ref float b = ref MemoryMarshal.GetReference(B);
            ref float y = ref MemoryMarshal.GetReference(Y);
            int inner = Broadcast.Inner, offsetA = 0, offsetB = 0;
            bool repeatA = Broadcast.StrideA[^1] == 0, repeatB = Broadcast.StrideB[^1] == 0;
            Span<int> index = stackalloc int[Broadcast.Rank - 1];
            index.Clear();
            for (int run = 0; run < Broadcast.Count; run += inner)
            {
                int i = 0;
                T va = T.Create(repeatA ? A[offsetA] : 0f), vb = T.Create(repeatB ? B[offsetB] : 0f);
                for (; i <= inner - T.Count; i += T.Count)
                {
                    if (!repeatA) va = T.Load(in a, offsetA + i);
                    if (!repeatB) vb = T.Load(in b, offsetB + i);
                    T.Store(TOperator.Forward(va, vb), ref y, run + i);
                }
                if (i < inner)
                {
                    if (!repeatA) va = T.LoadPartial(in a, offsetA + i, inner - i, 1f);
                    if (!repeatB) vb = T.LoadPartial(in b, offsetB + i, inner - i, 1f);
                    T.StorePartial(TOperator.Forward(va, vb), ref y, run + i, inner - i);
                }
                Broadcast.Next(index, ref offsetA, ref offsetB);
            }
        }
    }
}
