using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Files;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>What was learned, as a plain ONNX file.</summary>
static class ExportVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "The ONNX file that the store was trained on" };
        var store = new Option<string>("--store") { HelpName = "FILE", Required = true, Description = "The store" };
        var output = new Option<string>("-o", "--output") { HelpName = "OUT", Required = true, Description = "The ONNX file to write" };
        var compact = new Option<bool>("--compact") { Description = "Keep weights computed from their seed, with the tracked values laid over them" };
        var overwrite = Values.Overwrite();
        var input = new InputSettings();
        var verb = new Verb("export", "A plain ONNX file with the user's weights, for any runtime.",
            "export model.onnx --store model.edb -o mine.onnx", "export models/fashion/model.onnx --store fashion.edb -o fashion.onnx",
            "export lenet.onnx --store lenet.edb --compact -o small.onnx");
        return verb.Takes([model, store, output, compact, overwrite, .. input.Geometry]).Does(parse =>
        {
            var path = parse.GetValue(output)!;
            RunFiles.Model(parse.GetValue(model)!).ReadsStore("--store", parse.GetValue(store)).Writes("-o", path).Check();
            FileRoles.RequireNew("-o", path, parse.GetValue(overwrite));
            StoreExport.Export(parse.GetValue(model)!, parse.GetValue(store)!, path, terminal.Log, parse.GetValue(compact),
                input.IsGiven(parse) ? input.Read(parse) : null);
            var result = FileJson.Of(parse.GetValue(model)!, parse.GetValue(store), path);
            if (verb.IsJson(parse)) terminal.WriteJson(result, FileJson.Fields);
            else terminal.Out.WriteLine($"{path}: {Figures.Bytes(result.Bytes)}, SHA-256 {result.Sha256}");
            return 0;
        });
    }
}
