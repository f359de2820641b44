namespace EdgeDropBack.Traffic;

/// <summary>One holder of memory.</summary>
public sealed record FootprintItem(string Name, string Use, long Bytes);
