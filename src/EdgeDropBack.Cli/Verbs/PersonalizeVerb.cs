using System.CommandLine;

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
            TrainingCommand.Run(terminal, verb, parse, parse.GetValue(model), settings.Read(parse, parse.GetValue(model))));
    }
}
