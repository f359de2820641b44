using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>The main job: fine-tunes a model for its user with DropBack.</summary>
static class PersonalizeVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string?>("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "ONNX file; without it the shipped model learns from the shipped user",
        };
        var settings = new TrainingSettings();
        var verb = new Verb("personalize", "Fine-tunes a model for its user with DropBack: only the weights that change most are kept.",
            "personalize",
            "personalize model.onnx --data samples.npz --retain old-test.npz --replay old.npz",
            "personalize model.onnx --data photos/ --new-head --budget 1%",
            "personalize model.onnx --data monday.npz --accept-if \"user>=+0.02 retain>=-0.05\"",
            "personalize model.onnx --data tuesday.npz --from model.edb",
            "personalize model.onnx --data samples.npz --resume --json");
        return verb.Takes([model, .. settings.All]).Does(parse =>
        {
            var options = settings.Read(parse, parse.GetValue(model));
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
            else PersonalizeText.Write(terminal.Tables(), result,
                NextSteps.Of(parse.GetValue(model), options.Model, options.Data, result.Store.Path));
            if (result.Accepted) return 0;
            terminal.Log($"edb: not kept: {result.Refusal}; train on more data, or change --accept-if");
            return 1;
        });
    }
}
