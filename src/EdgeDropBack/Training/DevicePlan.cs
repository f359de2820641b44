using EdgeDropBack.Devices;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>What training a model takes on a device, known before anything runs.</summary>
/// <param name="Threads">Cores that the roofline counts.</param>
/// <param name="Holders">Who holds memory, samples left out.</param>
/// <param name="LimitBytes">Memory that must not be exceeded: --memory-limit, or what the device has; null where neither is known.</param>
/// <param name="Algorithmic">The step four ways by the algorithmic lens; tracked weights are spread over all layers in proportion to their sizes.</param>
/// <param name="Modelled">The same by the modelled lens; null where the profile has no cache.</param>
sealed record DevicePlan(DeviceProfile Profile, int Threads, IReadOnlyList<MemoryItem> Holders, long? LimitBytes,
    TrafficComparison Algorithmic, TrafficComparison? Modelled)
{
    /// <summary>By the algorithmic lens, without the activations that --memory-limit has computed again; null where it has none.</summary>
    public TrafficComparison? Unlimited { get; init; }

    /// <summary>A step after the freeze whose tracked weights all lie in the last layers that can hold them, by the algorithmic lens.</summary>
    public required StepTraffic FrozenInLastLayers { get; init; }

    /// <summary>The same by the modelled lens; null where <see cref="Modelled"/> is.</summary>
    public StepTraffic? ModelledFrozenInLastLayers { get; init; }

    public long PeakBytes => Holders.Sum(item => item.Bytes);

    public bool Fits => !(PeakBytes > LimitBytes);

    /// <summary>The device's own view where it has one.</summary>
    public TrafficComparison Nearest => Modelled ?? Algorithmic;

    public string NearestLens => Modelled is null ? StepTraffic.Algorithmic : StepTraffic.Modelled;
}
