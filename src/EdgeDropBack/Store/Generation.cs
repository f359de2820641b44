namespace EdgeDropBack.Store;

/// <summary>One kept store: 0 is the current one, 1 the one before it, and so on.</summary>
/// <param name="Number">Its age.</param>
/// <param name="Path">The store file.</param>
/// <param name="SidecarPath">The preprocessing file that goes with it, or null.</param>
/// <param name="Bytes">Size of the store file.</param>
public sealed record Generation(int Number, string Path, string? SidecarPath, long Bytes);
