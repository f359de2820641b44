using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.OnnxRuntime;
using EdgeDropBack.Prefixes;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Our forward pass against ONNX Runtime's.</summary>
static class VerifyVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var nodes = new Option<bool>("--nodes") { Description = "Every value that a node writes, each node on ONNX Runtime's inputs" };
        var file = new Option<string?>("--input") { HelpName = "X.npz", Description = "Arrays [N, ...] by input name; default: numbers from the seed" };
        var batch = new Setting<int>("--batch", "N", null, "Samples, where they come from the seed; default: the batch that the file fixes, or 2", Values.Int("--batch", 1));
        var seed = new Setting<uint>("--seed", "N", "1", "Numbers from -1 to 1; 0 or 1 for inputs of whole numbers", Values.UInt("--seed"));
        var tolerance = new Setting<float>("--tolerance", "T", "0.0001",
            "Largest difference allowed, as a part of the value's largest magnitude (or of 1); behind quantized activations a rounding step may pass it", Values.Float("--tolerance", 0));
        var threads = new Setting<int>("--threads", "N", null, "Default: the performance cores", Values.Threads);
        var input = new InputSettings();
        var verb = new Verb("verify", "Our forward pass against Microsoft.ML.OnnxRuntime, node by node on demand; exit code 1 where they differ.",
            "verify model.onnx", "verify model.onnx --nodes", "verify model.onnx --input x.npz --tolerance 1e-5");
        return verb.Takes([model, nodes, file, batch, seed, tolerance, threads, .. input.Geometry]).Does(parse =>
        {
            var path = parse.GetValue(model)!;
            if (!OnnxRuntimeFeature.IsSupported) throw PrefixRuntimes.Missing();
            using var onnx = OnnxModel.Open(path);
            if (TrainingNodes.Warning(onnx) is { } training) terminal.Log($"{training}; ONNX Runtime gets the model in inference mode too: in training mode it draws random numbers");
            var values = parse.GetValue(file) is { } npz
                ? Check(VerifyInputs.Given(onnx, NpzFile.Read(npz)))
                : Drawn();
            var result = VerifyJson.Of(path, tolerance.In(parse), values);
            if (verb.IsJson(parse)) terminal.WriteJson(result, VerifyJson.Fields);
            else VerifyText.Write(terminal, result);
            return result.First is null ? 0 : 1;

            IReadOnlyList<ValueDifference> Drawn()
            {
                var asked = batch.IsGiven(parse) ? batch.In(parse) : default(int?);
                var inputs = VerifyInputs.Drawn(onnx, input, parse, asked, seed.In(parse));
                try
                {
                    return Check(inputs);
                }
                catch (EdbException e) when (e.ExitCode == 3 && asked is null && inputs.Import.Batch == VerifyInputs.DefaultBatch)
                {
                    var single = Alone();
                    if (single is null) throw;
                    terminal.Log($"compared with one sample: with {VerifyInputs.DefaultBatch}, {e.Message}");
                    return single;
                }
            }

            IReadOnlyList<ValueDifference>? Alone()
            {
                try
                {
                    return Check(VerifyInputs.Drawn(onnx, input, parse, null, seed.In(parse), least: 1));
                }
                catch (EdbException)
                {
                    return null;
                }
            }

            IReadOnlyList<ValueDifference> Check(VerifyInputs inputs) => ForwardCheck.Run(path, inputs.Import, inputs.Fill, parse.GetValue(nodes),
                threads.In(parse) is > 0 and var count ? count : Devices.HostInfo.Read().PerformanceCores);
        });
    }
}
