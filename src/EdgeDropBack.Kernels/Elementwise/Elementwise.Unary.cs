using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>Elementwise kernels. Outputs may be the same span as an input, but may not overlap one otherwise.</summary>
public static partial class Elementwise
{
    /// <summary>y[i] = f(x[i]). <paramref name="y"/> may be <paramref name="x"/>.</summary>
    public static void Unary(UnaryKind kind, ReadOnlySpan<float> x, Span<float> y, float alpha = 0f, float beta = 0f)
    {
        if (Vector256.IsHardwareAccelerated) UnaryWith<Lanes256>(kind, x, y, alpha, beta);
        else UnaryWith<Lanes128x2>(kind, x, y, alpha, beta);
    }

    /// <summary>
    /// dx[i] = f'(x[i]) dy[i]. Of x and y only what <see cref="UnaryKinds.BackwardReads"/> names is read, the other may be empty.
    /// <paramref name="dx"/> may be <paramref name="dy"/>.
    /// </summary>
    public static void UnaryBackward(
        UnaryKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, float alpha = 0f, float beta = 0f)
    {
        if (Vector256.IsHardwareAccelerated) UnaryBackwardWith<Lanes256>(kind, x, y, dy, dx, alpha, beta);
        else UnaryBackwardWith<Lanes128x2>(kind, x, y, dy, dx, alpha, beta);
    }

    internal static void UnaryWith<T>(UnaryKind kind, ReadOnlySpan<float> x, Span<float> y, float alpha, float beta)
        where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(y.Length, x.Length);
        var visitor = new ForwardVisitor<T> { X = x, Y = y, Alpha = alpha, Beta = beta };
        UnaryKinds.Dispatch(kind, ref visitor);
    }

    internal static void UnaryBackwardWith<T>(
        UnaryKind kind, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, float alpha, float beta)
        where T : struct, ILanes<T>
    {
        SpanGuard.AtLeast(dx.Length, dy.Length);
        bool outputTellsSign = kind is UnaryKind.LeakyRelu or UnaryKind.Elu or UnaryKind.Selu or UnaryKind.Celu;
        if (outputTellsSign && (alpha < 0f || (kind == UnaryKind.Selu && beta < 0f)))
            throw new ArgumentException($"the backward pass of {kind} needs attributes that are not negative");
        var visitor = new BackwardVisitor<T> { X = x, Y = y, Dy = dy, Dx = dx, Alpha = alpha, Beta = beta };
        UnaryKinds.Dispatch(kind, ref visitor);
    }

    ref struct ForwardVisitor<T> : IUnaryVisitor where T : struct, ILanes<T>
    {
        internal ReadOnlySpan<float> X;
        internal Span<float> Y;
        internal float Alpha, Beta;

        public void Visit<TOperator>() where TOperator : struct, IUnaryOperator
        {
            ref float x = ref MemoryMarshal.GetReference(X);
            ref float y = ref MemoryMarshal.GetReference(Y);
            T alpha = T.Create(Alpha), beta = T.Create(Beta);
            int count = X.Length, i = 0;
            for (; i <= count - T.Count; i += T.Count)
                T.Store(TOperator.Forward(T.Load(in x, i), alpha, beta), ref y, i);
            if (i < count)
                T.StorePartial(TOperator.Forward(T.LoadPartial(in x, i, count - i, 0f), alpha, beta), ref y, i, count - i);
        }
    }

    ref struct BackwardVisitor<T> : IUnaryVisitor where T : struct, ILanes<T>
    {
        internal ReadOnlySpan<float> X, Y, Dy;
        internal Span<float> Dx;
        internal float Alpha, Beta;

        public void Visit<TOperator>() where TOperator : struct, IUnaryOperator
        {
            int count = Dy.Length, i = 0;
            bool readsX = (TOperator.Reads & BackwardReads.Input) != 0, readsY = (TOperator.Reads & BackwardReads.Output) != 0;
            if (readsX) SpanGuard.AtLeast(X.Length, count);
            if (readsY) SpanGuard.AtLeast(Y.Length, count);
            ref float dy = ref MemoryMarshal.GetReference(Dy);
            ref float dx = ref MemoryMarshal.GetReference(Dx);
            ref float x = ref readsX ? ref MemoryMarshal.GetReference(X) : ref dy;
            ref float y = ref readsY ? ref MemoryMarshal.GetReference(Y) : ref dy;
            T alpha = T.Create(Alpha), beta = T.Create(Beta);
            for (; i <= count - T.Count; i += T.Count)
                T.Store(TOperator.Backward(T.Load(in x, i), T.Load(in y, i), T.Load(in dy, i), alpha, beta), ref dx, i);
            if (i == count) return;
            int rest = count - i;
            T last = TOperator.Backward(
                T.LoadPartial(in x, i, rest, 0f), T.LoadPartial(in y, i, rest, 0f), T.LoadPartial(in dy, i, rest, 0f), alpha, beta);
            T.StorePartial(last, ref dx, i, rest);
        }
    }
}
