using System.CommandLine;
using EdgeDropBack.Cli;
using EdgeDropBack.Training;

namespace EdgeDropBack.Native;

/// <summary>Options as `edb personalize` takes them, from words.</summary>
static class OptionWords
{
    public static SessionOptions Session(string[] words)
    {
        var settings = new TrainingSettings();
        return settings.ReadOwnLoop(Parse(settings.OfSession, words));
    }

    public static PersonalizeOptions Personalize(string model, string[] words)
    {
        var settings = new TrainingSettings();
        return settings.Read(Parse(settings.All, words), model);
    }

    static ParseResult Parse(IEnumerable<Option> options, string[] words)
    {
        var command = new Command("personalize");
        foreach (var option in options) command.Options.Add(option);
        var parse = command.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parse.Errors.Count == 0 ? parse
            : throw EdbException.Usage($"{parse.Errors[0].Message.TrimEnd('.')}; the options are those of 'edb personalize'");
    }
}
