namespace EdgeDropBack.Store;

/// <summary>The newest readable generation; <see cref="Notice"/> says what was passed over, or is null.</summary>
public sealed record OpenedGeneration(SparseStore Store, Generation Generation, string? Notice);
