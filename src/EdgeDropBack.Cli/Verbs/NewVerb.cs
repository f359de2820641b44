using System.CommandLine;
using System.Globalization;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Files;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>A network whose weights are computed from a seed, as an ONNX file.</summary>
static class NewVerb
{
    public static Verb Create(Terminal terminal)
    {
        var architecture = new Argument<string>("ARCH") { Description = string.Join(", ", Architecture.Names) };
        var seed = new Setting<uint>("--seed", "N", "1", "Of all weights: the same seed, the same weights, on any machine", Values.UInt("--seed"));
        var output = new Option<string>("-o", "--output") { HelpName = "FILE", Required = true, Description = "The ONNX file to write" };
        var input = new Setting<int[]?>("--input", "CxHxW", null, "Channels, height and width of a sample; default: the architecture's own", Input);
        var classes = new Setting<int?>("--classes", "N", null, "Outputs; default: 10", text => Values.Int("--classes", 2)(text));
        var scale = new Setting<InitialScale?>("--init", "SCALE", null, "lecun, he, glorot, or one of them with -uniform; default: the architecture's own",
            Values.OneOf("--init", [.. InitialScale.All.Select(s => (s.Name, (InitialScale?)s))]));
        var hash = new Option<bool>("--hash") { Description = "Also compute all weights and print their SHA-256" };
        var overwrite = Values.Overwrite();
        var verb = new Verb("new", "Writes a network whose weights are computed from a seed wherever they are needed; the file holds none of them.",
            "new lenet-300-100 --seed 7 -o lenet.onnx", "new mnist-100-100 --classes 26 -o letters.onnx",
            "new mlp-2048-2048 --input 1x28x28 -o mlp.onnx",
            "new wrn-28-10 --seed 7 -o wrn.onnx --hash");
        return verb.Takes(architecture, seed, output, input, classes, scale, hash, overwrite).Does(parse =>
        {
            var path = parse.GetValue(output)!;
            new FileRoles().Writes("-o", path).Check();
            FileRoles.RequireNew("-o", path, parse.GetValue(overwrite));
            var model = Architecture.Find(parse.GetValue(architecture)!)
                .Build(new(seed.In(parse), classes.In(parse), input.In(parse), scale.In(parse)));
            var bytes = model.ToBytes();
            var result = NewJson.Of(path, bytes, parse.GetValue(architecture)!, seed.In(parse), parse.GetValue(hash));
            AtomicFile.Write(path, file => file.Write(bytes));
            if (verb.IsJson(parse)) terminal.WriteJson(result, NewJson.Fields);
            else terminal.Out.WriteLine($"{path}: {Figures.Count(result.Parameters)} weights from seed {result.Seed} in {Figures.Bytes(result.Bytes)}, SHA-256 {result.Sha256}");
            if (result.WeightsSha256 is { } weights && !verb.IsJson(parse)) terminal.Out.WriteLine($"weights: SHA-256 {weights}");
            return 0;
        });
    }

    static int[] Input(string text)
    {
        var parts = text.Split('x');
        var dims = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts.Length != 3 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dims[i]))
                throw EdbException.Usage($"--input '{text}' is not channels, height and width, such as 3x32x32");
        }
        return dims;
    }
}
