using System.Globalization;

namespace EdgeDropBack.Training;

/// <summary>How the learning rate changes: cosine, constant, step:F@N (N steps, or Ne epochs), each after warmup:N.</summary>
public sealed class Schedule
{
    readonly string _text;
    readonly ScheduleKind _kind;
    readonly double _factor;
    readonly int _every, _warmup;
    readonly bool _everyEpochs;

    Schedule(string text, ScheduleKind kind, double factor, int every, bool everyEpochs, int warmup)
        => (_text, _kind, _factor, _every, _everyEpochs, _warmup) = (text, kind, factor, every, everyEpochs, warmup);

    public static Schedule Cosine { get; } = new("cosine", ScheduleKind.Cosine, 1, 0, false, 0);

    /// <summary>"cosine", "constant", "step:0.5@25e", "warmup:100,cosine".</summary>
    public static Schedule Parse(string text)
    {
        var (kind, factor, every, epochs, warmup) = (ScheduleKind.Cosine, 1.0, 0, false, 0);
        foreach (var part in text.Split(','))
        {
            if (part == "cosine") kind = ScheduleKind.Cosine;
            else if (part == "constant") kind = ScheduleKind.Constant;
            else if (part.StartsWith("warmup:", StringComparison.Ordinal)
                && int.TryParse(part[7..], NumberStyles.None, CultureInfo.InvariantCulture, out warmup)) continue;
            else if (part.StartsWith("step:", StringComparison.Ordinal) && part.Split('@') is [var left, var right]
                && double.TryParse(left[5..], NumberStyles.Float, CultureInfo.InvariantCulture, out factor) && factor > 0 && factor <= 1
                && int.TryParse(right.TrimEnd('e'), NumberStyles.None, CultureInfo.InvariantCulture, out every) && every > 0)
                (kind, epochs) = (ScheduleKind.Step, right.EndsWith('e'));
            else throw EdbException.Usage($"--schedule '{text}' is none of cosine, constant, step:F@N (N steps or Ne epochs), warmup:N, such as step:0.5@25e");
        }
        return new(text, kind, factor, every, epochs, warmup);
    }

    /// <summary>The share of the learning rate at a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">In all.</param>
    /// <param name="stepsPerEpoch">Of the training data.</param>
    public float Factor(int step, int steps, int stepsPerEpoch)
    {
        if (step < _warmup) return (float)((step + 1.0) / (_warmup + 1.0));
        switch (_kind)
        {
            case ScheduleKind.Cosine:
                return (float)(0.5 * (1 + CosPi((double)(step - _warmup) / Math.Max(1, steps - _warmup))));
            case ScheduleKind.Step:
                var factor = 1.0;
                for (var i = step / ((long)_every * (_everyEpochs ? stepsPerEpoch : 1)); i > 0 && factor > 0; i--) factor *= _factor;
                return (float)factor;
            default:
                return 1f;
        }
    }

    public override string ToString() => _text;

    /// <summary>cos(pi x) for x in [0, 1], the same bits everywhere: sine's series at pi (1/2 - x), good to 1e-10.</summary>
    static double CosPi(double x)
    {
        var y = Math.PI * (0.5 - x);
        var square = y * y;
        var sum = 0.0;
        for (var n = 17; n >= 3; n -= 2) sum = (1 - sum) * square / (n * (n - 1.0));
        return y * (1 - sum);
    }

    enum ScheduleKind
    {
        Constant,
        Cosine,
        Step,
    }
}
