using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Data;
using EdgeDropBack.Training;

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
        var store = new Option<string?>("--store") { HelpName = "FILE", Description = "What was learned; without it the model as it is" };
        var data = new Option<string?>("--data")
        {
            HelpName = "PATH",
            Description = "Samples: .npz, .npy pair, IDX, CSV, a folder of images by class",
        };
        var labels = new Option<string?>("--labels")
        {
            HelpName = "FILE",
            Description = "Class names in output order; default: those kept beside the store",
        };
        var confusion = new Option<bool>("--confusion") { Description = "A table of true and predicted classes" };
        var loss = new Setting<LossKind?>("--loss", "ce|bce|mse", null, "Default: that of the store, or ce",
            text => Values.OneOf("--loss", ("ce", LossKind.CrossEntropy), ("bce", LossKind.BinaryCrossEntropy),
                ("mse", LossKind.MeanSquaredError))(text));
        var threads = new Setting<int>("--threads", "N", null, "Default: the performance cores", Values.Int("--threads", 1));
        var input = new InputSettings();
        var verb = new Verb("eval", "Accuracy, loss, and a confusion table on request; changes nothing.",
            "eval", "eval model.onnx --data test.npz", "eval model.onnx --store model.edb --data test.npz --confusion");
        return verb.Takes([model, store, data, labels, confusion, loss, threads, .. input.All]).Does(parse =>
        {
            var example = parse.GetValue(model) is null ? ShippedExample.Find() : null;
            var (path, samples) = (parse.GetValue(model) ?? example!.Model, parse.GetValue(data) ?? example?.Test
                ?? throw EdbException.Usage("--data is missing; give samples to measure on, such as --data test.npz"));
            var learned = parse.GetValue(store);
            var names = parse.GetValue(labels) is { } file ? Labels.Read(file) : learned is null && example is not null
                ? Labels.Read(example.Labels) : null;
            var evaluation = Inference.Evaluate(path, learned, samples, input.IsGiven(parse) ? input.Read(parse) : null, names,
                loss.In(parse), threads.In(parse));
            var result = EvaluationJson.Of(path, learned, samples, evaluation, parse.GetValue(confusion), names
                ?? StoreFile.ClassNames(learned));
            if (verb.IsJson(parse)) terminal.WriteJson(result, EvaluationJson.Fields);
            else EvaluationText.Write(terminal, result);
            return 0;
        });
    }
}
