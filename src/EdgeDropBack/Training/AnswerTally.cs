using EdgeDropBack.Data;

namespace EdgeDropBack.Training;

/// <summary>Counts right answers while a data set runs through a model.</summary>
sealed class AnswerTally
{
    const float Positive = 0.5f;

    readonly AnswerKind? _kind;
    readonly int[,]? _confusion;
    readonly (int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)[]? _classes;
    int _samples, _right;

    public AnswerTally(Dataset data, LossKind loss, int outputs)
    {
        _kind = KindOf(data, loss, outputs);
        var classes = _kind switch { AnswerKind.SingleLabel => outputs, AnswerKind.Binary => 2, _ => 0 };
        if (classes > 0) _confusion = new int[classes, classes];
        if (loss == LossKind.BinaryCrossEntropy) _classes = new (int, int, int, int)[outputs];
    }

    /// <summary>What the data decide: a single sample without a label, or with several, makes all of it <see cref="AnswerKind.MultiLabel"/>.</summary>
    static AnswerKind? KindOf(Dataset data, LossKind loss, int outputs)
    {
        if (loss == LossKind.CrossEntropy) return AnswerKind.SingleLabel;
        if (loss != LossKind.BinaryCrossEntropy) return null;
        if (outputs == 1) return AnswerKind.Binary;
        if (data.Labels is not null || data.Targets is not { } targets) return AnswerKind.SingleLabel;
        for (var sample = 0; sample < data.Count; sample++)
            if (Positives(targets.AsSpan(sample * outputs, outputs)) != 1) return AnswerKind.MultiLabel;
        return AnswerKind.SingleLabel;
    }

    static int Positives(ReadOnlySpan<float> targets)
    {
        var count = 0;
        foreach (var target in targets) if (target > Positive) count++;
        return count;
    }

    /// <param name="outputs">[outputs] logits of a sample.</param>
    /// <param name="targets">[outputs].</param>
    public void Add(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        if (_kind is not { } kind) return;
        _samples++;
        var (isNumber, isExact) = (true, true);
        for (var o = 0; o < outputs.Length; o++)
        {
            isNumber &= !float.IsNaN(outputs[o]);
            isExact &= !float.IsNaN(outputs[o]) && outputs[o] > 0f == targets[o] > Positive;
            if (_classes is not null) Count(ref _classes[o], outputs[o], targets[o] > Positive);
        }
        var (wanted, predicted) = kind switch
        {
            AnswerKind.SingleLabel => (ArgMax(targets), ArgMax(outputs)),
            AnswerKind.Binary => (targets[0] > Positive ? 1 : 0, outputs[0] > 0f ? 1 : 0),
            _ => (0, isExact ? 0 : 1),
        };
        if (!isNumber) return;
        if (wanted == predicted) _right++;
        if (_confusion is not null) _confusion[wanted, predicted]++;
    }

    static void Count(ref (int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives) counts, float output, bool isPositive)
    {
        if (isPositive && output > 0f) counts.TruePositives++;
        else if (isPositive) counts.FalseNegatives++;
        else if (output <= 0f) counts.TrueNegatives++;
        else counts.FalsePositives++;
    }

    public Evaluation ToEvaluation(int samples, double loss) => new(samples, _samples > 0 ? (double)_right / _samples : null, loss, _confusion)
    {
        Kind = _kind,
        Classes = _classes is null ? null
            : [.. _classes.Select(c => new ClassCounts(c.TruePositives, c.FalsePositives, c.FalseNegatives, c.TrueNegatives))],
    };

    /// <summary>The first of the largest.</summary>
    public static int ArgMax(ReadOnlySpan<float> row)
    {
        var best = 0;
        for (var i = 1; i < row.Length; i++) if (row[i] > row[best]) best = i;
        return best;
    }
}
