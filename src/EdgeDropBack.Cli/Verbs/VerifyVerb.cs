using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
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
        var batch = new Setting<int>("--batch", "N", "2", "Samples, where they come from the seed", Values.Int("--batch", 1));
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
            var (options, fill) = parse.GetValue(file) is { } npz
                ? Given(path, npz)
                : (Drawn(path, input, parse, batch.In(parse)), (name, values) => Draw(path, seed.In(parse), name, values));
            var values = ForwardCheck.Run(path, options, fill, parse.GetValue(nodes), threads.In(parse) is > 0 and var count ? count
                : Devices.HostInfo.Read().PerformanceCores);
            var result = VerifyJson.Of(path, tolerance.In(parse), values);
            if (verb.IsJson(parse)) terminal.WriteJson(result, VerifyJson.Fields);
            else VerifyText.Write(terminal, result);
            return result.First is null ? 0 : 1;
        });
    }

    static (ImportOptions Options, Action<string, float[]> Fill) Given(string path, string npz)
    {
        using var onnx = OnnxModel.Open(path);
        var arrays = InputArrays.Of(onnx, NpzFile.Read(npz));
        return (arrays.ImportOptions(arrays.Samples), (name, values) => arrays.Fill(name, 0, values, new Preprocessing()));
    }

    static ImportOptions Drawn(string path, InputSettings input, ParseResult parse, int batch)
    {
        using var onnx = OnnxModel.Open(path);
        return input.ImportOptions(parse, onnx, batch);
    }

    static void Draw(string path, uint seed, string name, float[] values)
    {
        using var onnx = OnnxModel.Open(path);
        var ordinal = 0;
        while (onnx.Graph.Inputs[ordinal].Name != name) ordinal++;
        var isReal = onnx.Graph.Inputs[ordinal].ElementType is OnnxDataType.Float or OnnxDataType.Float16 or OnnxDataType.Double or OnnxDataType.BFloat16;
        for (var i = 0; i < values.Length; i++)
        {
            var bits = IndexedRandom.Hash(seed, (uint)ordinal, (ulong)i);
            values[i] = isReal ? (bits >> 8) * (2f / (1 << 24)) - 1f : bits & 1;
        }
    }
}
