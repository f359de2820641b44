using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

static partial class Reduction
{
    /// <summary>Gradient of <see cref="Reduce"/>; dx is overwritten. x and y may be empty where <see cref="ReduceBackwardReads"/> does not name them.</summary>
    public static void ReduceBackward(
        ReduceKind kind, ReduceShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        if (Vector256.IsHardwareAccelerated) ReduceBackwardWith<Lanes256>(kind, shape, x, y, dy, dx);
        else ReduceBackwardWith<Lanes128x2>(kind, shape, x, y, dy, dx);
    }

    /// <summary>Which forward values <see cref="ReduceBackward"/> reads.</summary>
    public static BackwardReads ReduceBackwardReads(ReduceKind kind) => kind switch
    {
        ReduceKind.Sum or ReduceKind.Mean => BackwardReads.None,
        ReduceKind.L1 or ReduceKind.SumSquare => BackwardReads.Input,
        ReduceKind.LogSum => BackwardReads.Output,
        _ => BackwardReads.Input | BackwardReads.Output,
    };

    internal static void ReduceBackwardWith<T>(
        ReduceKind kind, ReduceShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
        where T : struct, ILanes<T>
    {
        var reads = ReduceBackwardReads(kind);
        if ((reads & BackwardReads.Input) != 0) SpanGuard.AtLeast(x.Length, shape.Count);
        else x = dx;
        if ((reads & BackwardReads.Output) != 0) SpanGuard.AtLeast(y.Length, shape.OutputCount);
        else y = dy;
        SpanGuard.AtLeast(dy.Length, shape.OutputCount);
        SpanGuard.AtLeast(dx.Length, shape.Count);
        switch (kind)
        {
            case ReduceKind.Sum: Backward<ReduceOperators.Sum, T>(shape, x, y, dy, dx); break;
            case ReduceKind.Mean: Backward<ReduceOperators.Mean, T>(shape, x, y, dy, dx); break;
            case ReduceKind.L1: Backward<ReduceOperators.L1, T>(shape, x, y, dy, dx); break;
            case ReduceKind.L2: Backward<ReduceOperators.L2, T>(shape, x, y, dy, dx); break;
            case ReduceKind.LogSum: Backward<ReduceOperators.LogSum, T>(shape, x, y, dy, dx); break;
            case ReduceKind.LogSumExp: Backward<ReduceOperators.LogSumExp, T>(shape, x, y, dy, dx); break;
            case ReduceKind.SumSquare: Backward<ReduceOperators.SumSquare, T>(shape, x, y, dy, dx); break;
            case ReduceKind.Max or ReduceKind.Min or ReduceKind.Prod: BackwardByOutput(kind, shape, x, y, dy, dx); break;
            default: throw new ArgumentException($"unknown reduction {(int)kind}");
        }
    }

    static void Backward<TOperator, T>(
        ReduceShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
        where TOperator : struct, IReduceOperator where T : struct, ILanes<T>
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pg = ref MemoryMarshal.GetReference(dy);
        ref float target = ref MemoryMarshal.GetReference(dx);
        int rank = shape.Sizes.Length, inner = shape.Sizes[^1], offset = 0, step = shape.OutputStrides[^1];
        T n = T.Create(shape.ReducedCount);
        Span<int> index = stackalloc int[rank - 1];
        index.Clear();
        for (int run = 0; run < shape.Count; run += inner)
        {
            T vy = T.Create(y[offset]), vg = T.Create(dy[offset]);
            for (int i = 0; i < inner; i += T.Count)
            {
                int count = Math.Min(T.Count, inner - i);
                if (step != 0) (vy, vg) = (Softmax.Load<T>(ref py, offset + i, count), Softmax.Load<T>(ref pg, offset + i, count));
                Softmax.Store(TOperator.Backward(Softmax.Load<T>(ref px, run + i, count), vy, vg, n), ref target, run + i, count);
            }
            offset = Odometer.Next(index, shape.Sizes.AsSpan(0, rank - 1), shape.OutputStrides, offset);
        }
    }

    /// <summary>Kinds whose gradient depends on a property of all elements behind an output: ties, or zeros among factors.</summary>
    static void BackwardByOutput(
        ReduceKind kind, ReduceShape shape, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        Span<int> kept = stackalloc int[shape.KeptSizes.Length], reduced = stackalloc int[shape.ReducedSizes.Length];
        kept.Clear();
        reduced.Clear();
        int start = 0;
        for (int o = 0; o < shape.OutputCount; o++)
        {
            float special = kind == ReduceKind.Prod ? 0f : y[o], others = 1f;
            int found = 0, offset = start;
            for (int i = 0; i < shape.ReducedCount; i++)
            {
                if (x[offset] == special) found++;
                else others *= x[offset];
                offset = Odometer.Next(reduced, shape.ReducedSizes, shape.ReducedStrides, offset);
            }
            for (int i = 0; i < shape.ReducedCount; i++)
            {
                bool isSpecial = x[offset] == special;
                if (kind != ReduceKind.Prod) dx[offset] = isSpecial ? dy[o] / found : 0f;
                else if (found == 0) dx[offset] = dy[o] * (y[o] / x[offset]);
                else dx[offset] = isSpecial && found == 1 ? dy[o] * others : 0f;
                offset = Odometer.Next(reduced, shape.ReducedSizes, shape.ReducedStrides, offset);
            }
            start = Odometer.Next(kept, shape.KeptSizes, shape.KeptStrides, start);
        }
    }
}
