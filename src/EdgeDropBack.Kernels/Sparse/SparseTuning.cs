namespace EdgeDropBack.Kernels;

/// <summary>When weights over a zero base are multiplied entry by entry. It changes speed and scratch, never a result but the sign of zero.</summary>
static class SparseTuning
{
    /// <summary>Share of nonzero weights from which on dense products are taken.</summary>
    public const double Crossover = 0.25;

    /// <summary>Samples side by side: four vectors, so that an entry costs more arithmetic than looking it up.</summary>
    public const int Lanes = 32;

    /// <summary>Floats of scratch a thread beyond which a convolution is taken densely.</summary>
    public const int MaximumFloats = 1 << 20;

    /// <summary>Whether a product with these weights is sparse.</summary>
    public static bool Takes(in WeightSource weights) =>
        weights.Kind == BaseKind.Zero && weights.Values.Length <= Crossover * weights.Length;

    /// <summary>The same of described weights.</summary>
    public static bool Takes(WeightAccesses weights) => weights.OverZero > 0 && weights.Indices.Length <= Crossover * weights.OverZero;
}
