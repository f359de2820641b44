namespace EdgeDropBack.Training;

/// <summary>Figures of a model on a data set.</summary>
/// <param name="Accuracy">Share of right answers; null where there are no classes (mse).</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="Confusion">[true, predicted] counts; null where there are no classes.</param>
public sealed record Evaluation(int Samples, double? Accuracy, double Loss, int[,]? Confusion)
{
    /// <summary>Samples of the data named and left out.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Remarks on the data: ignored files, a likely missing scale, what was tolerated in files.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
