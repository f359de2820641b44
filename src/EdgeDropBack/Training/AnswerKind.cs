namespace EdgeDropBack.Training;

/// <summary>What counts as a right answer, and so what <see cref="Evaluation.Accuracy"/> is a share of.</summary>
public enum AnswerKind
{
    /// <summary>Every sample has one label: its highest output is that label's; of equal outputs the first counts.</summary>
    SingleLabel,

    /// <summary>
    /// Samples have any number of labels: every output of the sample is on the right side of the threshold (exact match). An output is
    /// positive where its logit is above 0, its sigmoid above 0.5. Data is of this kind where a single sample has no label, or several.
    /// </summary>
    MultiLabel,

    /// <summary>One output a sample, yes or no: it is on the right side of the same threshold.</summary>
    Binary,
}
