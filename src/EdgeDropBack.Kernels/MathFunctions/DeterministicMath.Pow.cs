namespace EdgeDropBack.Kernels;

static partial class DeterministicMath
{
    /// <summary>x^y through log and exp in double precision, error at most 0.51 ulp; special cases as C99 annex F.10.4.4.</summary>
    public static float Pow(float x, float y)
    {
        if (y == 0f || x == 1f) return 1f;
        if (float.IsNaN(x) || float.IsNaN(y)) return float.NaN;
        bool odd = MathF.Abs(y) < 16777216f && y == MathF.Floor(y) && ((int)y & 1) != 0;
        bool integer = MathF.Abs(y) >= 8388608f || y == MathF.Floor(y);
        float magnitude = MathF.Abs(x);
        float sign = odd && float.IsNegative(x) ? -1f : 1f;
        if (float.IsInfinity(y))
        {
            if (magnitude == 1f) return 1f;
            return magnitude > 1f == y > 0f ? float.PositiveInfinity : 0f;
        }
        if (magnitude == 0f) return sign * (y > 0f ? 0f : float.PositiveInfinity);
        if (float.IsInfinity(magnitude)) return sign * (y > 0f ? float.PositiveInfinity : 0f);
        if (x < 0f && !integer) return float.NaN;
        return sign * (float)ExpDouble(y * LogDouble(magnitude));
    }

    /// <summary>Natural logarithm of a finite positive value that is a normal double (every float is), error near 1e-15 relative.</summary>
    internal static double LogDouble(double x)
    {
        const long SqrtHalf = 0x3FE6A09E667F3BCD;
        long bits = BitConverter.DoubleToInt64Bits(x) - SqrtHalf;
        long exponent = bits >> 52;
        double f = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) + SqrtHalf) - 1.0;
        double s = f / (2.0 + f);
        double z = s * s;
        double p = 0.0;
        for (int k = 23; k >= 3; k -= 2) p = (p * z) + (1.0 / k);
        return (2.0 * s) + (2.0 * s * z * p) + (exponent * 0.693147180559945309);
    }

    /// <summary>e^x, exact limits beyond the range of a float.</summary>
    internal static double ExpDouble(double x)
    {
        if (double.IsNaN(x)) return x;
        x = Math.Clamp(x, -200.0, 200.0);
        double n = Math.Floor((x * 1.44269504088896341) + 0.5);
        double r = x - (n * 0.693147180369123816) - (n * 1.90821492927058770e-10);
        double p = 1.0;
        for (int k = 14; k >= 1; k--) p = 1.0 + (p * r / k);
        return p * BitConverter.Int64BitsToDouble(((long)n + 1023) << 52);
    }
}
