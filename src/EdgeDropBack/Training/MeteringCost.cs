namespace EdgeDropBack.Training;

/// <summary>What counting traffic by the algorithmic lens costs: steps with and without the meter, taken in turn.</summary>
/// <param name="OffMilliseconds">Median step without a meter.</param>
/// <param name="OnMilliseconds">Median step with it.</param>
/// <param name="Share">Median over the pairs of what the metered step takes more, as a fraction of the other.</param>
public sealed record MeteringCost(double OffMilliseconds, double OnMilliseconds, double Share);
