using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

static partial class DeterministicMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Tanh<T>(T x) where T : struct, ILanes<T>
    {
        T z = T.Abs(x);
        z = T.Select(T.Less(T.Create(10f), z), T.Create(10f), z);
        T t = Expm1(z + z);
        T small = T.Less(z, T.Create(0.55f));
        T q = T.Select(small, t, T.Create(2f)) / (t + T.Create(2f));
        return T.Select(small, q, T.Create(1f) - q) | Lanes.SignBit(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sigmoid<T>(T x) where T : struct, ILanes<T>
    {
        T one = T.Create(1f);
        T e = Exp(-T.Abs(x));
        return T.Select(T.Less(x, T.Create(0f)), e, one) / (one + e);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Softplus<T>(T x) where T : struct, ILanes<T>
    {
        T positive = T.Select(T.Less(x, T.Create(0f)), T.Create(0f), x);
        return positive + Log1p(Exp(-T.Abs(x)));
    }

    /// <summary>Near 0 an odd polynomial; beyond, 1 - exp(-p(|x|)) with p fitted to -log(erfc).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Erf<T>(T x) where T : struct, ILanes<T>
    {
        T t = T.Abs(x);
        T z = x * x;
        T near = T.Create(8.34312741e-5f);
        near = T.Fma(near, z, T.Create(-0.000813671097f));
        near = T.Fma(near, z, T.Create(0.00520054577f));
        near = T.Fma(near, z, T.Create(-0.0268592238f));
        near = T.Fma(near, z, T.Create(0.112836927f));
        near = T.Fma(near, z, T.Create(-0.376126349f));
        near = T.Fma(near, z, T.Create(0.128379166f));
        near = T.Fma(near, t, t);

        T c = T.Select(T.Less(T.Create(3.95f), t), T.Create(3.95f), t);
        T far = T.Create(-1.66086954e-6f);
        far = T.Fma(far, c, T.Create(4.64998338e-5f));
        far = T.Fma(far, c, T.Create(-0.000600289786f));
        far = T.Fma(far, c, T.Create(0.00477473484f));
        far = T.Fma(far, c, T.Create(-0.0264606047f));
        far = T.Fma(far, c, T.Create(0.110142998f));
        far = T.Fma(far, c, T.Create(0.631766498f));
        far = T.Fma(far, c, T.Create(1.13026381f));
        far = T.Fma(far, c, T.Create(-0.000326476031f));
        T result = T.Select(T.Less(t, T.Create(0.9275f)), near, T.Create(1f) - Exp(-far));
        return result | Lanes.SignBit(x);
    }
}
