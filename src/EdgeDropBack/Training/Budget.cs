using System.Globalization;

namespace EdgeDropBack.Training;

/// <summary>How many weights are tracked: a count, or a share of all trainable ones.</summary>
public readonly record struct Budget(double Amount, bool IsShare)
{
    public static readonly Budget Default = new(0.02, true);

    /// <summary>"2%" or "5000".</summary>
    public static Budget Parse(string text)
    {
        var share = text.EndsWith('%');
        var digits = share ? text[..^1] : text;
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            || !(amount > 0) || double.IsInfinity(amount) || (share && amount > 100) || (!share && amount != Math.Floor(amount)))
            throw EdbException.Usage($"--budget '{text}' is neither a share above 0% up to 100% nor a count of weights, such as 2% or 5000");
        return new(share ? amount / 100 : amount, share);
    }

    /// <summary>k for a number of trainable weights: at least 1, a share rounded to the nearest.</summary>
    public int Of(long trainable)
    {
        var k = IsShare ? Math.Max(1, Math.Round(Amount * trainable, MidpointRounding.AwayFromZero)) : Amount;
        if (k > trainable) throw EdbException.Usage($"--budget {this} is more than the {trainable} trainable weights; give at most {trainable}, or 100%");
        if (k > Array.MaxLength / 2) throw EdbException.Usage($"--budget {this} of {trainable} weights is more than this build can track; give a smaller share");
        return (int)k;
    }

    public override string ToString()
        => IsShare ? (Amount * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%" : Amount.ToString("0", CultureInfo.InvariantCulture);
}
