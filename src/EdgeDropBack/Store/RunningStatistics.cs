namespace EdgeDropBack.Store;

/// <summary>Trained running statistics of a batch normalization: the initializer's name and its values, [channels].</summary>
public sealed record RunningStatistics(string Name, float[] Values);
