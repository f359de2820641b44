namespace EdgeDropBack.Devices;

/// <summary>A number of a device profile with its source, or marked as an estimate; low and high where runs or parts differ.</summary>
public sealed record Figure(double Value, double Low, double High, bool Estimate, string? Source);
