using EdgeDropBack.Devices;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Traffic;

/// <summary>The assumptions behind a report's numbers.</summary>
public sealed record TrafficHeader
{
    /// <summary>Name of the device profile.</summary>
    public required string Profile { get; init; }

    /// <summary>SHA-256 of the profile's file.</summary>
    public required string ProfileHash { get; init; }

    /// <summary>What a cache was taken to do.</summary>
    public string CacheRules { get; init; } = "not modelled";

    /// <summary>"pJ/bit" or "pJ/access32".</summary>
    public required string EnergyUnit { get; init; }

    public required double EnergyLow { get; init; }

    public required double EnergyCentral { get; init; }

    public required double EnergyHigh { get; init; }

    /// <summary>Where the central figure is from.</summary>
    public required string EnergySource { get; init; }

    /// <summary>The model's file or name.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file.</summary>
    public required string ModelHash { get; init; }

    public required int Batch { get; init; }

    /// <summary>Weights of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Tracked weights allowed.</summary>
    public required long Budget { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Where untracked weights come from: "float32", "float16", "bfloat16", "regenerated", "zero", or several joined by
    /// "+".</summary>
    public required string BaseKind { get; init; }

    /// <summary>exact, once or quantile.</summary>
    public required string Select { get; init; }

    /// <summary>Floats of optimizer state a weight.</summary>
    public required int OptimizerFloats { get; init; }

    /// <summary>Cores that the roofline counts.</summary>
    public required int Threads { get; init; }

    /// <summary>How the rows of a frozen prefix were made; null where there is none.</summary>
    public string? Prefix { get; init; }

    /// <summary>Of this program.</summary>
    public string Version { get; init; } = typeof(TrafficHeader).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Fills in what the profile and the graph say.</summary>
    internal static TrafficHeader Of(DeviceProfile profile, Graph graph, string model, string modelHash, long budget, ulong seed,
        string select, int optimizerFloats, int threads)
    {
        var energy = profile.EnergyPerTransfer;
        return new TrafficHeader
        {
            Profile = profile.Name,
            ProfileHash = profile.Hash,
            EnergyUnit = energy.Unit,
            EnergyLow = energy.Low.Value,
            EnergyCentral = energy.Central.Value,
            EnergyHigh = energy.High.Value,
            EnergySource = energy.Central.Source ?? "estimate",
            Model = model,
            ModelHash = modelHash,
            Batch = graph.Batch,
            Parameters = graph.ParameterCount,
            Budget = budget,
            Seed = seed,
            BaseKind = BaseNames(graph),
            Select = select,
            OptimizerFloats = optimizerFloats,
            Threads = threads,
            CacheRules = Traffic.CacheRules.Of(profile)?.ToString() ?? "not modelled",
        };
    }

    /// <summary>The kinds of base that a graph's parameters have.</summary>
    internal static string BaseNames(Graph graph) => string.Join('+', graph.Parameters.Select(p => p.Base.Kind).Distinct().Order().Select(Name));

    static string Name(BaseKind kind) => kind switch
    {
        Kernels.BaseKind.Float32 => "float32",
        Kernels.BaseKind.Float16 => "float16",
        Kernels.BaseKind.BFloat16 => "bfloat16",
        Kernels.BaseKind.Regenerated => "regenerated",
        Kernels.BaseKind.UInt8 => "uint8",
        Kernels.BaseKind.Int8 => "int8",
        Kernels.BaseKind.Int32 => "int32",
        Kernels.BaseKind.RoundedFloat32 => "float32 (rounded)",
        _ => "zero",
    };
}
