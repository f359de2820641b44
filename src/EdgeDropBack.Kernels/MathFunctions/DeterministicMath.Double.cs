namespace EdgeDropBack.Kernels;

/// <summary>
/// The same in double precision, for tables that are made once: sums and products in a fixed order, so that every machine gives the same bits.
/// </summary>
public static partial class DeterministicMath
{
    const double WideLn2 = 0.6931471805599453, WideLn2High = 6.93147180369123816490e-01, WideLn2Low = 1.90821492927058770002e-10;
    const int WideExpTerms = 18, WideLogTerms = 13, SineTerms = 11;

    /// <summary>sin(pi x), error below 4e-15, for |x| up to 1e6.</summary>
    public static double SinPi(double x)
    {
        var turns = Math.Round(x * 2) / 2;
        var angle = (x - turns) * Math.PI;
        var quarter = (long)(turns * 2) & 3;
        var value = (quarter & 1) == 0 ? Sine(angle) : Cosine(angle);
        return (quarter & 2) == 0 ? value : -value;
    }

    /// <summary>cos(pi x), error below 4e-15, for |x| up to 1e6.</summary>
    public static double CosPi(double x) => SinPi(x + 0.5);

    /// <summary>e^x, relative error below 2e-15, for results that are normal numbers.</summary>
    public static double Exp(double x)
    {
        var power = Math.Round(x / WideLn2);
        var rest = x - power * WideLn2High - power * WideLn2Low;
        var (sum, term) = (1.0, 1.0);
        for (var i = 1; i <= WideExpTerms; i++)
        {
            term = term * rest / i;
            sum += term;
        }
        return Math.ScaleB(sum, (int)power);
    }

    /// <summary>Natural logarithm, error below 2e-15 of the result or of 1, for positive normal numbers.</summary>
    public static double Log(double x)
    {
        var exponent = Math.ILogB(x);
        var mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }
        var ratio = (mantissa - 1) / (mantissa + 1);
        var square = ratio * ratio;
        var sum = 0.0;
        for (var i = WideLogTerms; i >= 0; i--) sum = sum * square + 1.0 / (2 * i + 1);
        return exponent * WideLn2High + (2 * ratio * sum + exponent * WideLn2Low);
    }

    /// <summary>|x| at most pi / 4.</summary>
    static double Sine(double x)
    {
        var (square, sum, term) = (x * x, x, x);
        for (var i = 1; i < SineTerms; i++)
        {
            term = -term * square / (2 * i * (2 * i + 1));
            sum += term;
        }
        return sum;
    }

    static double Cosine(double x)
    {
        var (square, sum, term) = (x * x, 1.0, 1.0);
        for (var i = 1; i < SineTerms; i++)
        {
            term = -term * square / ((2 * i - 1) * (2 * i));
            sum += term;
        }
        return sum;
    }
}
