namespace EdgeDropBack.Training;

/// <summary>Where a run stands.</summary>
/// <param name="Phase">What it is doing, such as "rate 0.4" or "training".</param>
/// <param name="Step">Steps done of this phase.</param>
/// <param name="Steps">Steps of this phase.</param>
/// <param name="Loss">Mean loss of the last step.</param>
/// <param name="Churn">Share of the tracked weights that the last step exchanged.</param>
public readonly record struct TrainingProgress(string Phase, int Step, int Steps, double Loss, double Churn, bool IsFrozen);
