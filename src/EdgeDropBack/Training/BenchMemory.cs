namespace EdgeDropBack.Training;

/// <summary>Memory of a bench run in bytes.</summary>
/// <param name="PlannedBytes">Anonymous memory, known before the first step.</param>
/// <param name="RssAnonBytes">Anonymous memory after the last one.</param>
/// <param name="RssFileBytes">Mapped pages of the model and of the program.</param>
/// <param name="PeakResidentBytes">The most that was resident, of both kinds.</param>
sealed record BenchMemory(long PlannedBytes, long RssAnonBytes, long RssFileBytes, long PeakResidentBytes);
