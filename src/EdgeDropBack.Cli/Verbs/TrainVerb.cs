using System.CommandLine;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Training from a seed with DropBack.</summary>
static class TrainVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file that 'edb new' wrote" };
        var settings = new TrainingSettings(isScratch: true);
        var verb = new Verb("train", "Trains a model from its seed with DropBack: only the weights that change most are kept, all others are "
            + "computed from the seed.",
            "train lenet.onnx --data train-images.gz --test test-images.gz --budget 20000",
            "train lenet.onnx --seed 9 --data samples.npz --budget 2% --epochs 10",
            "train lenet.onnx --data samples.npz --select quantile --init-decay 0.999",
            "train lenet.onnx --data samples.npz --resume --json");
        return verb.Takes([model, .. settings.All]).Does(parse =>
        {
            var path = parse.GetValue(model)!;
            return TrainingCommand.Run(terminal, verb, parse, path, Scratch.Options(settings.Read(parse, path)));
        });
    }
}
