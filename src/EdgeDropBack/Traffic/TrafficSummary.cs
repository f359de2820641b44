using EdgeDropBack.Devices;

namespace EdgeDropBack.Traffic;

/// <summary>What one step moves across the chip boundary by the algorithmic lens, in bytes.</summary>
/// <param name="WeightBytes">Base weights, tracked values and indices, weight gradients, optimizer state.</param>
/// <param name="ActivationBytes">Activations, saved activations and their gradients.</param>
public sealed record TrafficSummary(
    long TotalBytes, long WeightBytes, long ActivationBytes, long ReadBytes, long WriteBytes, EnergyRange EnergyJoules);
