using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Dense gradients of the mean loss, as a file that other frameworks' gradients can be compared with.</summary>
static class GradientsVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var input = new Option<string>("--input")
        {
            HelpName = "X.npz",
            Required = true,
            Description = "Arrays by input name; one array named x fits a model of one input",
        };
        var target = new Option<string>("--target")
        {
            HelpName = "T.npy",
            Required = true,
            Description = "[N] class numbers, or [N, ...] float targets",
        };
        var output = new Option<string>("-o", "--output")
        {
            HelpName = "G.npz",
            Required = true,
            Description = "Gradients by initializer name",
        };
        var loss = TrainingSettings.LossSetting();
        var verb = new Verb("gradients", "Dense gradient of the mean loss for every parameter, by initializer name.",
            "gradients model.onnx --input x.npz --target t.npy -o g.npz",
                "gradients model.onnx --input x.npz --target t.npy --loss mse -o g.npz");
        return verb.Takes(model, input, target, output, loss).Does(parse =>
        {
            var (path, kind) = (parse.GetValue(output)!, loss.In(parse));
            RunFiles.Model(parse.GetValue(model)!).Reads("--input", parse.GetValue(input)).Reads("--target", parse.GetValue(target)).Writes("-o", path).Check();
            var (mean, samples, gradients) = GradientFile.Compute(parse.GetValue(model)!, NpzFile.Read(parse.GetValue(input)!),
                NpyReader.Read(parse.GetValue(target)!), kind);
            if (verb.IsJson(parse))
                terminal.WriteJson(new GradientsJson(parse.GetValue(model)!, samples, LossName(kind), mean, path,
                    [.. gradients.Select(g => new GradientJson(g.Name, g.Array.Shape))]), GradientsJson.Fields);
            else terminal.Out.WriteLine($"loss {Printing.Figures.Number(mean)} over {samples} samples; "
                + $"{gradients.Count} gradients in {path}");
            NpzWriter.Write(path, gradients);
            return 0;
        });
    }

    static string LossName(LossKind kind) => kind switch
    {
        LossKind.CrossEntropy => "ce",
        LossKind.BinaryCrossEntropy => "bce",
        _ => "mse",
    };
}
