namespace EdgeDropBack.Store;

/// <summary>Result of reading a generation in full: its store, or the error that names the damage.</summary>
public sealed record GenerationCheck(Generation Generation, SparseStore? Store, EdbException? Error);
