using EdgeDropBack.Devices;

namespace EdgeDropBack.Traffic;

/// <summary>What one step costs on a device.</summary>
/// <param name="EnergyJoules">Of moving the bytes, as a range.</param>
/// <param name="RooflineSeconds">max(operations / peak, bytes / measured bandwidth): a lower bound; null where the profile has no
/// timing.</param>
public sealed record TrafficCost(EnergyRange EnergyJoules, double? RooflineSeconds);
