using System.Globalization;

namespace EdgeDropBack.Training;

/// <summary>What must hold of the changes in accuracy for a result to be kept: "user&gt;=+0.02 retain&gt;=-0.05".</summary>
public sealed class AcceptRule
{
    readonly string _text;
    readonly double? _user, _retain;

    AcceptRule(string text, double? user, double? retain) => (_text, _user, _retain) = (text, user, retain);

    public static AcceptRule Parse(string text)
    {
        double? user = null, retain = null;
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(">=") is not [var name, var bound] || name is not ("user" or "retain")
                || !double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
                throw EdbException.Usage($"--accept-if '{text}': '{part}' is neither user>=X nor retain>=X, such as \"user>=+0.02 retain>=-0.05\"");
            if (name == "user") user = value;
            else retain = value;
        }
        return new(text, user, retain);
    }

    /// <summary>Why a result is not kept; null where it is.</summary>
    /// <param name="user">Change of the user's accuracy.</param>
    /// <param name="retain">Change of the retention accuracy; null where that was not measured.</param>
    public string? Refusal(double user, double? retain)
    {
        if (_user is { } u && !(user >= u)) return Failed("user", user, u);
        if (_retain is { } r && retain is { } change && !(change >= r)) return Failed("retain", change, r);
        return null;
    }

    /// <summary>The rule speaks of retention, which has to be measured then.</summary>
    public bool NeedsRetention => _retain is not null;

    public override string ToString() => _text;

    static string Failed(string name, double value, double bound) => string.Create(CultureInfo.InvariantCulture,
        $"{name} accuracy changed by {value:+0.0000;-0.0000}, wanted {bound:+0.0000;-0.0000} or more");
}
