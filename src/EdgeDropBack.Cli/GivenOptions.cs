using System.CommandLine;
using EdgeDropBack.Files;

namespace EdgeDropBack.Cli;

/// <summary>Options of this command line, for commands that are printed to be pasted into a shell.</summary>
static class GivenOptions
{
    /// <summary>The options of a command line that another verb takes too, each after a blank, as they were given.</summary>
    public static string Words(ParseResult parse, IEnumerable<Option> taken)
    {
        var names = taken.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return string.Concat(parse.CommandResult.Command.Options.Where(option => names.Contains(option.Name)).SelectMany(WordsOf));

        IEnumerable<string> WordsOf(Option option) => parse.GetResult(option) is { Implicit: false } result
            ? [$" {option.Name}", .. result.Tokens.Select(token => $" {ShellWord.Quote(token.Value)}")] : [];
    }

    /// <summary>The value of an option as it was given; null where it was not.</summary>
    public static string? Value(ParseResult parse, string name) => parse.CommandResult.Command.Options.FirstOrDefault(option => option.Name == name) is { } option
        && parse.GetResult(option) is { Implicit: false, Tokens: [var token, ..] } ? token.Value : null;
}
