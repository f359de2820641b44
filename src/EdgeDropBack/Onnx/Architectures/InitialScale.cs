namespace EdgeDropBack.Onnx;

/// <summary>How initial weights are drawn: the published scales, each normal or uniform.</summary>
sealed record InitialScale
{
    InitialScale(string name, double gain, bool countsOutputs, bool isUniform)
        => (Name, Gain, CountsOutputs, IsUniform) = (name, gain, countsOutputs, isUniform);

    /// <summary>Variance 1 / fan-in (LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998).</summary>
    public static InitialScale LeCun { get; } = new("lecun", 1, false, false);

    /// <summary>Variance 2 / fan-in, for rectifiers (He, Zhang, Ren and Sun, ICCV 2015).</summary>
    public static InitialScale He { get; } = new("he", 2, false, false);

    /// <summary>Variance 2 / (fan-in + fan-out) (Glorot and Bengio, AISTATS 2010).</summary>
    public static InitialScale Glorot { get; } = new("glorot", 2, true, false);

    /// <summary>As the command line calls them.</summary>
    public static IReadOnlyList<InitialScale> All { get; } = [LeCun, He, Glorot, LeCun.Uniform(), He.Uniform(), Glorot.Uniform()];

    public string Name { get; }

    public bool IsUniform { get; }

    double Gain { get; }

    bool CountsOutputs { get; }

    /// <summary>The standard deviation, or the half width of the uniform distribution that has it.</summary>
    public float Of(long fanIn, long fanOut)
    {
        var variance = Gain / (CountsOutputs ? fanIn + fanOut : fanIn);
        return (float)Math.Sqrt(IsUniform ? 3 * variance : variance);
    }

    InitialScale Uniform() => new(Name + "-uniform", Gain, CountsOutputs, true);
}
