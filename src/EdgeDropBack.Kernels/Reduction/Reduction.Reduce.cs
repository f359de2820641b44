using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Reduction
{
    /// <summary>
    /// y = reduction of x. Elements combine in row-major order of x: along a reduced innermost (merged) axis each run by eight lanes and
    /// their tree, then run after run; otherwise one chain per output. LogSumExp is one chain per output, after its maximum.
    /// </summary>
    public static void Reduce(ReduceKind kind, ReduceShape shape, ReadOnlySpan<float> x, Span<float> y)
    {
        if (Vector256.IsHardwareAccelerated) ReduceWith<Lanes256>(kind, shape, x, y);
        else ReduceWith<Lanes128x2>(kind, shape, x, y);
    }

    internal static void ReduceWith<T>(ReduceKind kind, ReduceShape shape, ReadOnlySpan<float> x, Span<float> y) where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(x.Length, shape.Count);
        SpanGuard.AtLeast(y.Length, shape.OutputCount);
        switch (kind)
        {
            case ReduceKind.Sum: Forward<ReduceOperators.Sum, T>(shape, x, y); break;
            case ReduceKind.Mean: Forward<ReduceOperators.Mean, T>(shape, x, y); break;
            case ReduceKind.Max: Forward<ReduceOperators.Max, T>(shape, x, y); break;
            case ReduceKind.Min: Forward<ReduceOperators.Min, T>(shape, x, y); break;
            case ReduceKind.Prod: Forward<ReduceOperators.Prod, T>(shape, x, y); break;
            case ReduceKind.L1: Forward<ReduceOperators.L1, T>(shape, x, y); break;
            case ReduceKind.L2: Forward<ReduceOperators.L2, T>(shape, x, y); break;
            case ReduceKind.LogSum: Forward<ReduceOperators.LogSum, T>(shape, x, y); break;
            case ReduceKind.SumSquare: Forward<ReduceOperators.SumSquare, T>(shape, x, y); break;
            case ReduceKind.LogSumExp:
                Forward<ReduceOperators.Max, T>(shape, x, y);
                LogSumExpOverMaxima(shape, x, y);
                break;
            default: throw new ArgumentException($"unknown reduction {(int)kind}");
        }
    }

    static void Forward<TOperator, T>(ReduceShape shape, ReadOnlySpan<float> x, Span<float> y)
        where TOperator : struct, IReduceOperator where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        y[..shape.OutputCount].Fill(TOperator.Identity);
        int rank = shape.Sizes.Length, inner = shape.Sizes[^1], offset = 0;
        bool innerReduced = shape.OutputStrides[^1] == 0;
        Span<int> index = stackalloc int[rank - 1];
        index.Clear();
        for (int run = 0; run < shape.Count; run += inner)
        {
            int i = 0;
            if (innerReduced)
            {
                T lanes = T.Create(TOperator.Identity);
                for (; i <= inner - T.Count; i += T.Count) lanes = TOperator.Combine(lanes, TOperator.Map(T.Load(in px, run + i)));
                if (i < inner) lanes = TOperator.Combine(lanes, TOperator.Map(T.LoadPartial(in px, run + i, inner - i, TOperator.Filler)));
                y[offset] = TOperator.Combine(new Lanes1(y[offset]), new Lanes1(TOperator.Tree(lanes))).Value;
            }
            else
            {
                for (; i <= inner - T.Count; i += T.Count)
                    T.Store(TOperator.Combine(T.Load(in py, offset + i), TOperator.Map(T.Load(in px, run + i))), ref py, offset + i);
                for (; i < inner; i++) y[offset + i] = TOperator.Combine(new Lanes1(y[offset + i]), TOperator.Map(new Lanes1(x[run + i]))).Value;
            }
            offset = Odometer.Next(index, shape.Sizes.AsSpan(0, rank - 1), shape.OutputStrides, offset);
        }
        for (int o = 0; o < shape.OutputCount; o++) y[o] = TOperator.Finish(new Lanes1(y[o]), new Lanes1(shape.ReducedCount)).Value;
    }

    static void LogSumExpOverMaxima(ReduceShape shape, ReadOnlySpan<float> x, Span<float> y)
    {
        Span<int> kept = stackalloc int[shape.KeptSizes.Length], reduced = stackalloc int[shape.ReducedSizes.Length];
        kept.Clear();
        reduced.Clear();
        int start = 0;
        for (int o = 0; o < shape.OutputCount; o++)
        {
            float shift = float.IsFinite(y[o]) ? y[o] : 0f, sum = 0f;
            int offset = start;
            for (int i = 0; i < shape.ReducedCount; i++)
            {
                sum += DeterministicMath.Exp(x[offset] - shift);
                offset = Odometer.Next(reduced, shape.ReducedSizes, shape.ReducedStrides, offset);
            }
            y[o] = shift + DeterministicMath.Log(sum);
            start = Odometer.Next(kept, shape.KeptSizes, shape.KeptStrides, start);
        }
    }
}
