using System.Globalization;

namespace EdgeDropBack.Training;

/// <summary>When the tracked set is fixed: after some steps or epochs, when its churn settles, or never.</summary>
public sealed record FreezePolicy(FreezeKind Kind, int Amount = 0)
{
    /// <summary>`auto` freezes when a step exchanges fewer than this share of the tracked weights, on average over an epoch.</summary>
    public const double SettledChurn = 0.02;

    public static FreezePolicy Auto { get; } = new(FreezeKind.Auto);

    /// <summary>"auto", "never", "500" steps or "5e" epochs.</summary>
    public static FreezePolicy Parse(string text)
    {
        if (text == "auto") return Auto;
        if (text == "never") return new(FreezeKind.Never);
        var epochs = text.EndsWith('e');
        if (!int.TryParse(epochs ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            throw EdbException.Usage($"--freeze-after '{text}' is none of auto, never, N steps or Ne epochs, such as 5e");
        return new(epochs ? FreezeKind.Epochs : FreezeKind.Steps, amount);
    }

    /// <summary>Whether to freeze before a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="churn">Exchanged share a step, averaged over the last epoch; 1 while none has ended.</param>
    public bool IsDue(int step, int stepsPerEpoch, double churn) => Kind switch
    {
        FreezeKind.Steps => step >= Amount,
        FreezeKind.Epochs => step >= (long)Amount * stepsPerEpoch,
        FreezeKind.Auto => churn < SettledChurn,
        _ => false,
    };

    public override string ToString() => Kind switch
    {
        FreezeKind.Steps => Amount.ToString(CultureInfo.InvariantCulture),
        FreezeKind.Epochs => Amount.ToString(CultureInfo.InvariantCulture) + "e",
        FreezeKind.Auto => "auto",
        _ => "never",
    };
}

public enum FreezeKind
{
    Auto,
    Never,
    Steps,
    Epochs,
}
