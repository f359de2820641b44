using System.CommandLine;

namespace EdgeDropBack.Cli;

/// <summary>Commands that are printed to be pasted into a shell.</summary>
static class ShellWords
{
    /// <summary>A word as a POSIX shell takes it.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ',' or ':' or '=' or '%' or '+') ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The options of a command line that another verb takes too, each after a blank, as they were given.</summary>
    public static string Given(ParseResult parse, IEnumerable<Option> taken)
    {
        var names = taken.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return string.Concat(parse.CommandResult.Command.Options.Where(option => names.Contains(option.Name)).SelectMany(Words));

        IEnumerable<string> Words(Option option) => parse.GetResult(option) is { Implicit: false } result
            ? [$" {option.Name}", .. result.Tokens.Select(token => $" {Quote(token.Value)}")] : [];
    }

    /// <summary>The value of an option as it was given; null where it was not.</summary>
    public static string? Given(ParseResult parse, string name) => parse.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name) is { } option
        && parse.GetResult(option) is { Implicit: false, Tokens: [var token, ..] } ? token.Value : null;
}
