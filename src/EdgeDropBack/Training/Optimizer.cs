namespace EdgeDropBack.Training;

/// <summary>
/// How a weight moves against its gradient. State exists for tracked weights only: none for SGD, a velocity with momentum,
/// two moments for Adam (Kingma and Ba 2015; beta 0.9 and 0.999, epsilon 1e-8).
/// </summary>
sealed class Optimizer(OptimizerKind kind, float momentum)
{
    float _step, _correction2;

    public OptimizerKind Kind { get; } = kind;

    public float Momentum { get; } = momentum;

    internal float Beta1 { get; init; } = 0.9f;

    internal float Beta2 { get; init; } = 0.999f;

    internal float Epsilon { get; init; } = 1e-8f;

    /// <summary>Pull towards the base: this times (weight - base) is added to the clipped gradient of a weight; 0 for none.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Floats of state a weight.</summary>
    public int Slots => Kind == OptimizerKind.Adam ? 2 : Momentum != 0f ? 1 : 0;

    /// <summary>Of the present step; for Adam with its first correction.</summary>
    public float Rate => _step;

    /// <summary>Sets the rate of a step.</summary>
    /// <param name="step">Counted from 0.</param>
    public void Begin(float rate, int step)
    {
        _step = rate;
        if (Kind != OptimizerKind.Adam) return;
        var (power1, power2) = (1.0, 1.0);
        for (var i = 0; i <= step; i++) (power1, power2) = (power1 * Beta1, power2 * Beta2);
        _step = (float)(rate / (1 - power1));
        _correction2 = (float)(1 / (1 - power2));
    }

    /// <summary>The clipped gradient with the pull towards the base in it.</summary>
    public float Pulled(float gradient, float weight, float @base) => WeightDecay == 0f ? gradient : MathF.FusedMultiplyAdd(WeightDecay, weight - @base, gradient);

    /// <summary>The weight after the step; <paramref name="first"/> and <paramref name="second"/> are its state, advanced.</summary>
    /// <param name="gradient">Clipped.</param>
    public float Next(float weight, float gradient, ref float first, ref float second)
    {
        if (Kind == OptimizerKind.Adam)
        {
            first = MathF.FusedMultiplyAdd(Beta1, first - gradient, gradient);
            var square = gradient * gradient;
            second = MathF.FusedMultiplyAdd(Beta2, second - square, square);
            return MathF.FusedMultiplyAdd(-_step, first / (MathF.Sqrt(second * _correction2) + Epsilon), weight);
        }
        if (Momentum == 0f) return MathF.FusedMultiplyAdd(-_step, gradient, weight);
        first = MathF.FusedMultiplyAdd(Momentum, first, gradient);
        return MathF.FusedMultiplyAdd(-_step, first, weight);
    }
}
