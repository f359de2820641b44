using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>A training from its options to its exit code: `personalize` and `train`.</summary>
static class TrainingCommand
{
    /// <param name="given">The model as the user named it; null for the shipped one.</param>
    public static int Run(Terminal terminal, Verb verb, ParseResult parse, string? given, PersonalizeOptions options)
    {
        using var interrupt = new Interrupt();
        PersonalizeResult result;
        try
        {
            result = ProgressDisplay.Run(terminal, verb.IsJson(parse),
                (progress, log) => Personalizer.Run(options with { Progress = progress, Log = log, Cancel = interrupt.Token }));
        }
        catch (OperationCanceledException)
        {
            terminal.Log("saved; go on with --resume");
            return CommandLine.Interrupted;
        }
        if (verb.IsJson(parse)) terminal.WriteJson(result, ResultJson.Fields);
        else PersonalizeText.Write(terminal.Tables(), result, result.Accepted ? NextSteps.Of(parse, given, options, result.Store.Path, result.Output) : null);
        foreach (var file in result.NotWritten) terminal.Log($"edb: {file}");
        if (result.Refusal is null) return result.NotWritten.Count == 0 ? 0 : 1;
        terminal.Log($"edb: not kept: {result.Refusal}; train on more data, or change --accept-if");
        return 1;
    }
}
