using EdgeDropBack.Onnx;
using EdgeDropBack.Store;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Every command that writes a file, with all that it reads and all that it can write, in a folder where all of it stands.</summary>
sealed class OutputCommands
{
    const string Weights = "weights.bin";

    readonly TemporaryFolder _folder;

    public OutputCommands(TemporaryFolder folder)
    {
        _folder = folder;
        WriteModel();
        Assert.Equal(0, Edb.Run("new", "mlp-8", "-o", folder["seeded.onnx"]).Code);
        Directory.CreateDirectory(folder["photos/cat"]);
        foreach (var name in (string[])[Weights, "d.npz", "pair-x.npy", "pair-y.npy", "t-images-idx3-ubyte", "t-labels-idx1-ubyte", "photos/cat/a.png",
            "labels.txt", "profile.json", "from.edb", "from.edb.json", "from.edb.1", "x.npz", "t.npy", "report.json", "key", "cached.prefix"])
            File.WriteAllText(folder[name], $"the content of {name}");
    }

    /// <summary>Options that stand for an output, as the matrix fills them in.</summary>
    public static IReadOnlyList<string> Names { get; } = ["personalize", "train", "compare", "export", "export --overwrite", "run", "gradients", "report", "pull"];

    /// <summary>Outputs of a command: the option, what the file that is to collide must end with, and the path to give for it.</summary>
    public static IReadOnlyList<(string Option, string Ending)> Outputs(string command) => command switch
    {
        "personalize" or "train" => [("--report", ""), ("--picture", ""), .. StoreEndings.Select(ending => ("--store", ending)), ("--report", ".edb.tmp"), ("--cache", "/o.prefix")],
        "compare" => [("--cache", "/o.prefix")],
        "report" => [("--html", ""), ("--trace", ""), ("--html", ".edb.tmp")],
        _ => [("-o", ""), ("-o", ".edb.tmp")],
    };

    /// <summary>Files that a command reads.</summary>
    public static IReadOnlyList<string> Inputs(string command) => command switch
    {
        "train" => ["seeded.onnx", "d.npz", "pair-y.npy", "photos/cat/a.png", "labels.txt", "profile.json"],
        "personalize" or "compare" => ["model.onnx", Weights, "d.npz", "pair-y.npy", "t-labels-idx1-ubyte", "photos/cat/a.png", "labels.txt", "profile.json",
            "from.edb", "from.edb.json", "from.edb.1"],
        "export" or "export --overwrite" => ["model.onnx", Weights, "from.edb", "from.edb.json", "from.edb.1"],
        "run" => ["model.onnx", Weights, "from.edb", "from.edb.json", "x.npz"],
        "gradients" => ["model.onnx", Weights, "x.npz", "t.npy"],
        "report" => ["report.json"],
        _ => ["key"],
    };

    static IEnumerable<string> StoreEndings
    {
        get
        {
            const string Name = "name.edb";
            var generations = new Generations(Name);
            return [.. generations.Files.Concat(generations.WorkingFiles).Select(path => path[Name.Length..]), ".new.edb.tmp", ".checkpoint.edb.tmp"];
        }
    }

    public string[] Arguments(string command, params string[] output) => command switch
    {
        "personalize" or "train" or "compare" => [command, _folder[command == "train" ? "seeded.onnx" : "model.onnx"], "--data", _folder["d.npz"], "--test", _folder["pair-x.npy"],
            "--retain", _folder["t-images-idx3-ubyte"], "--replay", _folder["photos"], "--labels", _folder["labels.txt"],
            "--profile", _folder["profile.json"], .. command == "train" ? (string[])[] : ["--from", _folder["from.edb"]],
            .. command == "compare" || output.Contains("--store") ? (string[])[] : ["--store", _folder["new.edb"]], .. output],
        "export" => ["export", _folder["model.onnx"], "--store", _folder["from.edb"], .. output],
        "export --overwrite" => ["export", _folder["model.onnx"], "--store", _folder["from.edb"], "--overwrite", .. output],
        "run" => ["run", _folder["model.onnx"], "--store", _folder["from.edb"], "--input", _folder["x.npz"], .. output],
        "gradients" => ["gradients", _folder["model.onnx"], "--input", _folder["x.npz"], "--target", _folder["t.npy"], .. output],
        "report" => ["report", _folder["report.json"], .. output],
        _ => ["device", "--port", "/dev/none", "--key", _folder["key"], "pull", "file", .. output],
    };

    /// <summary>A graph of one tensor whose values are in another file.</summary>
    void WriteModel()
    {
        var tensor = new ProtoWriter().Varint(1, 3).Varint(2, 1).String(8, "t")
            .Message(13, ProtoMessages.Entry("location", Weights)).Message(13, ProtoMessages.Entry("length", "12")).Varint(14, 1);
        using var file = File.Create(_folder["model.onnx"]);
        new ProtoWriter().Varint(1, 8).Message(8, ProtoMessages.Opset("", 17)).Message(7, new ProtoWriter().Message(5, tensor)).WriteTo(file);
    }
}
