using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>The same data through several ways of training, side by side.</summary>
static class CompareVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string?>("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "ONNX file; without it the shipped model and the shipped user",
        };
        var modes = new Setting<string[]>("--modes", "M,M,...", string.Join(',', Comparison.DefaultModes), "Which to run", text
            => text.Split(',', StringSplitOptions.TrimEntries));
        var settings = new TrainingSettings(isComparison: true);
        var verb = new Verb("compare",
            "The same data through several ways of training: gain, forgetting, stored bytes, traffic and time in one table. "
            + "Keeps no store.",
            "compare", "compare model.onnx --data samples.npz --retain old-test.npz",
                "compare model.onnx --data samples.npz --modes dropback,dense --lr 0.1");
        return verb.Takes([model, modes, .. settings.All]).Does(parse =>
        {
            var options = settings.Read(parse, parse.GetValue(model));
            using var interrupt = new Interrupt();
            IReadOnlyList<PersonalizeResult> results;
            try
            {
                results = ProgressDisplay.Run(terminal, verb.IsJson(parse),
                    (progress, log) => Comparison.Run(options with { Progress = progress, Log = log, Cancel = interrupt.Token },
                        modes.In(parse)!));
            }
            catch (OperationCanceledException)
            {
                terminal.Log("interrupted; a comparison keeps nothing");
                return CommandLine.Interrupted;
            }
            var result = new CompareJson(options.Model, results);
            if (verb.IsJson(parse)) terminal.WriteJson(result, CompareJson.Fields);
            else CompareText.Write(terminal.Tables(), modes.In(parse)!, result);
            return 0;
        });
    }
}
