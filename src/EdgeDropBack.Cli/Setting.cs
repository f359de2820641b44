using System.CommandLine;

namespace EdgeDropBack.Cli;

/// <summary>An option whose text is converted when it is read, so that help shows the default as a user would write it.</summary>
/// <param name="name">With its dashes.</param>
/// <param name="value">What help calls the value.</param>
/// <param name="fallback">Used when the option is absent; null gives T's default.</param>
/// <param name="convert">Throws <see cref="EdbException"/> with exit code 2 for what it does not take.</param>
sealed class Setting<T> : Option<string?>
{
    readonly Func<string, T> _convert;
    readonly string? _fallback;

    public Setting(string name, string value, string? fallback, string description, Func<string, T> convert)
        : base(name)
    {
        (_convert, _fallback, HelpName, Description) = (convert, fallback, value, description);
        if (fallback is not null) DefaultValueFactory = _ => fallback;
    }

    /// <summary>The value; the default where the option was not given, or the verb does not have it.</summary>
    public T? In(ParseResult parse) => (parse.GetValue(this) ?? _fallback) is { } text ? _convert(text) : default;

    public bool IsGiven(ParseResult parse) => parse.GetResult(this) is { Implicit: false };
}
