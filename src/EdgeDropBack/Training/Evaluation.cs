namespace EdgeDropBack.Training;

/// <summary>Figures of a model on a data set.</summary>
/// <param name="Accuracy">Share of samples that were answered right, as <see cref="Kind"/> says; null where there are no classes (mse).</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="Confusion">
/// [true, predicted] counts for data with one label a sample, and [no or yes, no or yes] for one output a sample; else null. Samples
/// with an output that is not a number are left out.
/// </param>
public sealed record Evaluation(int Samples, double? Accuracy, double Loss, int[,]? Confusion)
{
    /// <summary>What counts as right; null where there are no classes (mse).</summary>
    public AnswerKind? Kind { get; init; }

    /// <summary>[outputs] decisions of each sigmoid output; null for other losses than bce.</summary>
    public IReadOnlyList<ClassCounts>? Classes { get; init; }

    /// <summary>
    /// Mean F1 over the classes of data with several labels a sample; null for other data. A class that has no positive sample and is never
    /// predicted has no F1 and is left out of the mean; one that is predicted all the same counts as 0.
    /// </summary>
    public double? MacroF1 => Kind == AnswerKind.MultiLabel && Classes!.Any(c => c.F1 is not null) ? Classes!.Average(c => c.F1) : null;

    /// <summary>Share of the positive samples that were rejected, for one output a sample; null elsewhere, or without positive samples.</summary>
    public double? FalseRejectRate => Kind == AnswerKind.Binary ? Classes![0].FalseRejectRate : null;

    /// <summary>Share of the negative samples that were accepted, for one output a sample; null elsewhere, or without negative samples.</summary>
    public double? FalseAcceptRate => Kind == AnswerKind.Binary ? Classes![0].FalseAcceptRate : null;

    /// <summary>Class names in output order, where the data or its labels have them.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Samples of the data named and left out.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Remarks on the data: ignored files, a likely missing scale, what was tolerated in files.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
