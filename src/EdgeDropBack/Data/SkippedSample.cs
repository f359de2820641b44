namespace EdgeDropBack.Data;

/// <summary>A sample that was left out, by name, and why.</summary>
public readonly record struct SkippedSample(string Name, string Reason);
