namespace EdgeDropBack.Traffic;

/// <summary>One training step four ways, for the same graph and batch.</summary>
/// <param name="Select">DropBack before the freeze.</param>
/// <param name="Frozen">DropBack after it.</param>
/// <param name="Dense">Every weight, densely.</param>
/// <param name="LastLayer">The last weighted layer only, densely; the backward stops there.</param>
public sealed record TrafficComparison(StepTraffic Select, StepTraffic Frozen, StepTraffic Dense, StepTraffic LastLayer)
{
    /// <summary>The four steps, dense first.</summary>
    public IReadOnlyList<StepTraffic> Steps => [Dense, LastLayer, Select, Frozen];

    /// <summary>How many times fewer bytes than the dense step, all operands.</summary>
    public double Ratio(StepTraffic step) => Quotient(Dense.Totals.Bytes, step.Totals.Bytes, step.Steps);

    /// <summary>The same for weights alone: base weights, tracked values and indices, weight gradients, optimizer state.</summary>
    public double WeightRatio(StepTraffic step) => Quotient(Dense.Totals.WeightBytes, step.Totals.WeightBytes, step.Steps);

    static double Quotient(long dense, long other, long steps) => other == 0 ? 0 : (double)dense * steps / other;
}
