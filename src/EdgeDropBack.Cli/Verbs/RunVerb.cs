using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Forward only: arrays in, arrays out.</summary>
static class RunVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var store = new Option<string?>("--store") { HelpName = "FILE", Description = "What was learned; without it the model as it is" };
        var input = new Option<string>("--input")
        {
            HelpName = "X.npz",
            Required = true,
            Description = "Arrays [N, ...] by input name; one array named x fits a model of one input",
        };
        var output = new Option<string>("-o", "--output") { HelpName = "Y.npz", Required = true, Description = "Outputs by name" };
        var threads = new Setting<int>("--threads", "N", null, "Default: the performance cores", Values.Threads);
        var verb = new Verb("run", "Forward only, any number of samples, arrays by input and output name.",
            "run model.onnx --input x.npz -o y.npz", "run model.onnx --store model.edb --input x.npz -o y.npz");
        return verb.Takes(model, store, input, output, threads).Does(parse =>
        {
            var path = parse.GetValue(output)!;
            RunFiles.Model(parse.GetValue(model)!).ReadsStore("--store", parse.GetValue(store)).Reads("--input", parse.GetValue(input)).Writes("-o", path).Check();
            var outputs = ForwardFile.Run(parse.GetValue(model)!, parse.GetValue(store), NpzFile.Read(parse.GetValue(input)!),
                threads.In(parse), terminal.Log);
            NpzWriter.Write(path, outputs);
            var samples = outputs[0].Array.Shape[0];
            if (verb.IsJson(parse)) terminal.WriteJson(FileJson.Of(parse.GetValue(model)!, parse.GetValue(store), path, samples),
                FileJson.Fields);
            else terminal.Out.WriteLine($"{samples} samples; {string.Join(", ", outputs.Select(o => o.Name))} in {path}");
            return 0;
        });
    }
}
