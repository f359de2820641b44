namespace EdgeDropBack.Training;

/// <summary>
/// Decisions of one sigmoid output over a data set, at the threshold of 0.5 (a logit of 0; the threshold itself is negative). An output that
/// is not a number counts as wrong.
/// </summary>
/// <param name="TruePositives">Positive samples that were accepted.</param>
/// <param name="FalsePositives">Negative samples that were accepted.</param>
/// <param name="FalseNegatives">Positive samples that were rejected.</param>
/// <param name="TrueNegatives">Negative samples that were rejected.</param>
public sealed record ClassCounts(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>Share of the positive samples that were rejected; null where there are none.</summary>
    public double? FalseRejectRate => Share(FalseNegatives, TruePositives + FalseNegatives);

    /// <summary>Share of the negative samples that were accepted; null where there are none.</summary>
    public double? FalseAcceptRate => Share(FalsePositives, FalsePositives + TrueNegatives);

    /// <summary>2 TP / (2 TP + FP + FN); null where the class has no positive sample and none was taken for one.</summary>
    public double? F1 => Share(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    static double? Share(int part, int whole) => whole > 0 ? (double)part / whole : null;
}
