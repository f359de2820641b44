namespace EdgeDropBack.Kernels;

/// <summary>
/// Elementary functions from our own polynomials: the same bits on every instruction set, lane width and operating system.
/// Limits, NaN, signed zeros and denormals are those of IEEE 754-2019 section 9.2. Errors are checked against
/// double precision over all exponents, denormal results included.
/// </summary>
public static partial class DeterministicMath
{
    /// <summary>e^x, error at most 1.0 ulp.</summary>
    public static float Exp(float x) => Exp(new Lanes1(x)).Value;

    /// <summary>e^x - 1, error at most 1.5 ulp.</summary>
    public static float Expm1(float x) => Expm1(new Lanes1(x)).Value;

    /// <summary>Natural logarithm, error at most 1.0 ulp.</summary>
    public static float Log(float x) => Log(new Lanes1(x)).Value;

    /// <summary>log(1 + x), error at most 1.0 ulp.</summary>
    public static float Log1p(float x) => Log1p(new Lanes1(x)).Value;

    /// <summary>Hyperbolic tangent, error at most 2.5 ulp.</summary>
    public static float Tanh(float x) => Tanh(new Lanes1(x)).Value;

    /// <summary>Error function, error at most 1.25 ulp.</summary>
    public static float Erf(float x) => Erf(new Lanes1(x)).Value;

    /// <summary>1 / (1 + e^-x), error at most 2.5 ulp.</summary>
    public static float Sigmoid(float x) => Sigmoid(new Lanes1(x)).Value;

    /// <summary>log(1 + e^x) without overflow, error at most 1.75 ulp.</summary>
    public static float Softplus(float x) => Softplus(new Lanes1(x)).Value;
}
