using EdgeDropBack.Devices;

namespace EdgeDropBack.Traffic;

/// <summary>The traffic of one kind of step by one lens.</summary>
public sealed record StepTraffic
{
    public const string Algorithmic = "algorithmic";
    public const string Modelled = "modelled";
    public const string Predicted = "predicted";
    public const string Counted = "counted";

    /// <summary>The view that the numbers belong to: "algorithmic". Numbers of different lenses are never mixed.</summary>
    public string Lens { get; init; } = Algorithmic;

    /// <summary>"predicted" from the plan or "counted" while running.</summary>
    public required string Origin { get; init; }

    public required TrafficMode Mode { get; init; }

    /// <summary>Steps that the rows are the sum of; 1 for a prediction.</summary>
    public required long Steps { get; init; }

    /// <summary>Floating-point operations of the matrix products and elementwise nodes, a multiply-add as two.</summary>
    public required long Operations { get; init; }

    /// <summary>In the order phase, layer, operand; rows without traffic are left out.</summary>
    public required IReadOnlyList<TrafficRow> Rows { get; init; }

    /// <summary>Exact sums of the rows.</summary>
    public required TrafficTotals Totals { get; init; }

    /// <summary>Memory of the step; null where only traffic was counted.</summary>
    public Footprint? Footprint { get; init; }

    /// <summary>Energy and time on the header's device; null until a profile was applied.</summary>
    public TrafficCost? Cost { get; init; }

    /// <summary>The same with energy and roofline time of one step on a device.</summary>
    /// <param name="threads">Cores that compute.</param>
    public StepTraffic On(DeviceProfile profile, int threads)
        => this with
        {
            Cost = new TrafficCost(PerStep(profile.Energy(Totals.Bytes)),
                profile.RooflineSeconds((double)Operations / Steps, (double)Totals.Bytes / Steps, threads)),
        };

    /// <summary>One step in six numbers; of several counted steps the mean, rounded down.</summary>
    public TrafficSummary Summary(DeviceProfile profile)
        => new(Totals.Bytes / Steps, Totals.WeightBytes / Steps, Totals.ActivationBytes / Steps, Totals.Read.Bytes / Steps,
            Totals.Write.Bytes / Steps, PerStep(profile.Energy(Totals.Bytes)));

    EnergyRange PerStep(EnergyRange all) => new(all.Low / Steps, all.Central / Steps, all.High / Steps);
}
