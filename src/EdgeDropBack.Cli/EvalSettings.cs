using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>The options of `eval`, and what they make of a model and samples.</summary>
sealed class EvalSettings
{
    readonly Option<string?> _store = new("--store") { HelpName = "FILE", Description = "What was learned; without it the model as it is" };
    readonly Option<string?> _data = new("--data")
    {
        HelpName = "PATH",
        Description = "Samples: .npz, .npy pair, IDX, CSV, a folder of images or WAV files by class",
    };
    readonly Option<string?> _labels = new("--labels")
    {
        HelpName = "FILE",
        Description = "Class names in output order; default: those kept beside the store",
    };
    readonly Option<bool> _confusion = new("--confusion") { Description = "A table of true and predicted classes; with --loss bce also of each output's false rejects, false accepts and F1" };
    readonly Setting<LossKind?> _loss = new("--loss", "ce|bce|mse", null, "Default: that of the store, or ce",
        text => Values.OneOf("--loss", ("ce", LossKind.CrossEntropy), ("bce", LossKind.BinaryCrossEntropy),
            ("mse", LossKind.MeanSquaredError))(text));
    readonly Setting<int> _threads = new("--threads", "N", null, "Default: the performance cores", Values.Threads);
    readonly InputSettings _input = new();

    public IEnumerable<Option> All => [_store, _data, _labels, _confusion, _loss, _threads, .. _input.All];

    public string? Store(ParseResult parse) => parse.GetValue(_store);

    /// <param name="model">Null for the shipped model on the shipped user's test samples.</param>
    /// <param name="at">Where a file that an option names is.</param>
    /// <param name="log">Told which damaged generation was passed over.</param>
    public EvaluationJson Run(ParseResult parse, string? model, Func<string, string> at, Action<string> log)
    {
        var example = model is null ? ShippedExample.Find() : null;
        var path = model is null ? example!.Model : at(model);
        var samples = parse.GetValue(_data) is { } data ? at(data) : example?.Test
            ?? throw EdbException.Usage("--data is missing; give samples to measure on, such as --data test.npz");
        var learned = Store(parse) is { } store ? at(store) : null;
        var names = parse.GetValue(_labels) is { } file ? Labels.Read(at(file)) : learned is null && example is not null
            ? Labels.Read(example.Labels) : null;
        var evaluation = Inference.Evaluate(path, learned, samples, _input.IsGiven(parse) ? _input.Read(parse) : null, names,
            _loss.In(parse), _threads.In(parse), log);
        return EvaluationJson.Of(path, learned, samples, evaluation, parse.GetValue(_confusion), names ?? evaluation.ClassNames);
    }
}
