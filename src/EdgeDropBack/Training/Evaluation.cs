namespace EdgeDropBack.Training;

/// <summary>Figures of a model on a data set.</summary>
/// <param name="Accuracy">Share of right answers; null where there are no classes (mse).</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="Confusion">[true, predicted] counts; null where there are no classes.</param>
public sealed record Evaluation(int Samples, double? Accuracy, double Loss, int[,]? Confusion);
