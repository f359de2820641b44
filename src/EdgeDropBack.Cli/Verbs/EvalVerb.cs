using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Accuracy and loss of a model, or of what was learned; changes nothing.</summary>
static class EvalVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string?>("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "ONNX file; without it the shipped model on the shipped user's test samples",
        };
        var settings = new EvalSettings();
        var verb = new Verb("eval", "Accuracy, loss, and a confusion table on request; changes nothing.",
            "eval", "eval model.onnx --data test.npz", "eval model.onnx --store model.edb --data test.npz --confusion");
        return verb.Takes([model, .. settings.All]).Does(parse =>
        {
            var result = settings.Run(parse, parse.GetValue(model), path => path);
            if (verb.IsJson(parse)) terminal.WriteJson(result, EvaluationJson.Fields);
            else EvaluationText.Write(terminal, result);
            return 0;
        });
    }
}
