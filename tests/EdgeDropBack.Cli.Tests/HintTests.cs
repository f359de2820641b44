using System.Diagnostics;
using System.Text;
using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Commands that a result prints work when they are pasted, whatever options the training had.</summary>
public sealed class HintTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("--new-head --data {two.npz}")]
    [InlineData("--new-head --bn train --optimizer adam --momentum 0.5")]
    [InlineData("--labels {labels.txt}")]
    [InlineData("--test {held out.npz} --retain {held out.npz} --replay {held out.npz} --accept-if off")]
    [InlineData("--from {earlier.edb}")]
    [InlineData("--from {s.edb}")]
    [InlineData("--mode dense")]
    [InlineData("--mode last-layer --micro-batch 2")]
    [InlineData("--mode bias --score global")]
    [InlineData("--select once --freeze-after never")]
    [InlineData("--loss mse")]
    [InlineData("--loss bce")]
    [InlineData("--memory-limit 64MB --deadline 1m --checkpoint-every 1 --report {r.json} --picture {p.svg}")]
    public void ItsCommandsRunAsPasted(string options)
    {
        var model = _folder.Model("my model.onnx");
        _folder.Data("it's mine.npz", samples: 24);
        _folder.Data("held out.npz", samples: 12, seed: 4);
        NpzWriter.Write(_folder["two.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 12 * TemporaryFolder.Features, 1), 12, TemporaryFolder.Features)),
            ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 2))], 12))]);
        File.WriteAllLines(_folder["labels.txt"], ["0", "1", "2"]);
        if (options.StartsWith("--from", StringComparison.Ordinal))
            Assert.Equal(0, Edb.Run("personalize", model, "--data", _folder["it's mine.npz"], "--steps", "2", "--lr", "0.1", "--accept-if", "off", "--store",
                _folder[options.Contains("earlier", StringComparison.Ordinal) ? "earlier.edb" : "s.edb"]).Code);
        string[] data = options.Contains("--data", StringComparison.Ordinal) ? [] : ["--data", _folder["it's mine.npz"]];
        string[] accept = options.Contains("--accept-if", StringComparison.Ordinal) ? [] : ["--accept-if", "off"];
        Paste(model, [.. data, .. accept, "--lr", "0.1", "--batch", "4", "--steps", "2", "--store", _folder["s.edb"], .. Split(Filled(options))], [1, TemporaryFolder.Features]);
    }

    [Fact]
    public void AnOpenDimensionIsThatOfTheSamplesInCommandsAndCode()
    {
        var b = new OnnxBuilder("wave", opset: 16);
        b.Input("in \"1\"", OnnxDataType.Float, "N", default(OnnxDim)).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("axis", [1L], 1).Initializer("k", TemporaryFolder.Numbers(1, 8 * 16, 0.5f), 8, 1, 16).Initializer("w", TemporaryFolder.Numbers(2, 24, 0.5f), 8, 3);
        b.Node("Unsqueeze", ["in \"1\"", "axis"], ["u"]);
        b.Node("Conv", ["u", "k"], ["c"]).Ints("strides", 4);
        b.Node("ReduceMean", ["c"], ["m"]).Ints("axes", 2).Int("keepdims", 0);
        b.Node("MatMul", ["m", "w"], ["y"]);
        b.Write(_folder["wave.onnx"]);
        NpzWriter.Write(_folder["d.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, 12 * 48, 1), 12, 48)),
            ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 3))], 12))]);
        foreach (string[] size in (string[][])[[], ["--dim", "in \"1\":1=48"]])
        {
            var text = Paste(_folder["wave.onnx"], ["--data", _folder["d.npz"], .. size, "--accept-if", "off", "--lr", "0.1", "--steps", "2", "--batch", "4",
                "--store", _folder["s.edb"]], [1, 48]);
            Assert.Contains("session.run([\"y\"], {\"in \\\"1\\\"\": np.zeros((1, 48), np.float32)})", text);
            Assert.Contains("new float[48], [1, 48]", text);
        }
    }

    [Fact]
    public void IndicesAreWholeNumbersInTheCode()
    {
        var b = new OnnxBuilder("sequence", opset: 14);
        b.Input("x", OnnxDataType.Int64, "N", "T").Output("y", OnnxDataType.Float, "N", 2);
        b.Initializer("embedding", TemporaryFolder.Numbers(1, 9 * 3, 0.5f), 9, 3).Initializer("head", TemporaryFolder.Numbers(4, 6, 0.5f), 3, 2);
        b.Node("Gather", ["embedding", "x"], ["e"]);
        b.Node("ReduceMean", ["e"], ["m"]).Ints("axes", 1).Int("keepdims", 0);
        b.Node("MatMul", ["m", "head"], ["y"]);
        b.Write(_folder["sequence.onnx"]);
        NpzWriter.Write(_folder["d.npz"], [("x", NpyArray.From([.. Enumerable.Range(0, 12 * 5).Select(i => (long)(i * 7 % 9))], 12, 5)),
            ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 2))], 12))]);
        var text = Paste(_folder["sequence.onnx"], ["--data", _folder["d.npz"], "--accept-if", "off", "--lr", "0.1", "--steps", "2", "--batch", "4", "--store", _folder["s.edb"]], null);
        Assert.Contains("np.zeros((1, 5), np.int64)", text);
        Assert.Contains("new long[5], [1, 5]", text);
    }

    [Fact]
    public void TheShippedExampleNeedsNoNamesButThoseThatWereGiven()
    {
        string[] brief = ["--steps", "1", "--lr", "0.1", "--accept-if", "off", "--store", _folder["fashion.edb"]];
        var commands = Commands(InRoot(["personalize", .. brief]));
        Assert.Equal("edb compare --lr 0.1 --steps 1", string.Join(' ', commands[0]));
        Assert.Equal(["edb", "eval", "--store", _folder["fashion.edb"]], commands[1]);
        InRoot(commands[1][1..]);
        Assert.Equal(Path.Combine("models", "fashion", "model.onnx"), Path.GetRelativePath(Root(), Path.GetFullPath(commands[2][2], Root())));
        InRoot([.. commands[2][1..^1], _folder["exported.onnx"]]);

        var own = Path.Combine(Root(), "models", "fashion", "user-test.npz");
        var head = Commands(InRoot(["personalize", "--new-head", "--data", own, .. brief]));
        Assert.Equal($"edb compare --data {own} --new-head --lr 0.1 --steps 1", string.Join(' ', head[0]));
        InRoot([.. head[0][1..], "--modes", "last-layer"]);
        InRoot(head[1][1..]);
    }

    /// <summary>Standard output of the program in the folder that has the shipped example.</summary>
    static string InRoot(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", Path.ChangeExtension(typeof(CommandLine).Assembly.Location, ".dll"), .. arguments])
        {
            WorkingDirectory = Root(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)}: {error.Result}");
        return output;
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeDropBack.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [Fact]
    public void CommandsInRefusalsRunAsPasted()
    {
        var model = _folder.Model("my model.onnx");
        var data = _folder.Data("it's mine.npz", samples: 24);
        var store = _folder["my store.edb"];
        string[] train = ["personalize", model, "--data", data, "--lr", "0.1", "--steps", "2", "--accept-if", "off", "--store", store];
        Assert.Equal(0, Edb.Run(train).Code);
        Damage(store);
        Assert.Contains("; train again", Edb.Run("store", "verify", store).Error);
        File.Delete(store);
        Assert.Equal(0, Edb.Run(train).Code);
        Assert.Equal(0, Edb.Run(train).Code);
        RunInMessage("list", Edb.Run("store", "rollback", store, "--to", "2"));
        RunInMessage("list", Edb.Run("store", "pin", store, "--generation", "3"));
        Damage(store);
        RunInMessage("rollback", Edb.Run("store", "verify", store));
        Assert.Equal(0, Edb.Run("eval", model, "--store", store, "--data", data).Code);
        for (var i = 0; i < 3; i++) Assert.Equal(0, Edb.Run(train).Code);
        Damage(store + ".1");
        File.WriteAllBytes(store, File.ReadAllBytes(store)[..20]);
        RunInMessage("rollback", Edb.Run("eval", model, "--store", store, "--data", data));
        var good = Edb.Run("eval", model, "--store", store, "--data", data);
        Assert.Equal((0, ""), (good.Code, good.Error));
    }

    /// <summary>The command between backquotes.</summary>
    static void RunInMessage(string word, EdbRun refused)
    {
        Assert.Contains('`', refused.Error);
        var command = Split(refused.Error.Split('`')[1]);
        Assert.Equal(["edb", "store", word], command[..3]);
        var run = Edb.Run(command[1..]);
        Assert.True(run.Code == 0, $"{string.Join(' ', command)}: {run.Error}");
    }

    static void Damage(string store)
    {
        var bytes = File.ReadAllBytes(store);
        bytes[^20] ^= 1;
        File.WriteAllBytes(store, bytes);
    }

    /// <summary>Personalizes, runs each command that is printed, and the exported model on an input of the shape that the code has.</summary>
    string Paste(string model, string[] options, int[]? shape)
    {
        var run = Edb.Run(["personalize", model, .. options]);
        Assert.True(run.Code == 0, run.Error);
        var commands = Commands(run.Out);
        Assert.Equal(options.Contains("--from") ? ["eval", "export"] : ["compare", "eval", "export"], commands.Select(command => command[1]));
        foreach (var command in commands) Run(command);
        if (shape is null) return run.Out;
        NpzWriter.Write(_folder["zeros.npz"], [("x", NpyArray.From(new float[shape.Aggregate((a, b) => a * b)], shape))]);
        var forward = Edb.Run("run", _folder["exported.onnx"], "--input", _folder["zeros.npz"], "-o", _folder["y.npz"]);
        File.Delete(_folder["y.npz"]);
        Assert.True(forward.Code == 0 && run.Out.Contains($"np.zeros(({string.Join(", ", shape)})", StringComparison.Ordinal), forward.Error);
        return run.Out;
    }

    /// <summary>An export goes into the test's folder instead of the current one; comparisons run two of their modes, of which dense holds most.</summary>
    void Run(string[] command)
    {
        string[] args = command[1] switch
        {
            "export" => [.. command[1..^1], _folder["exported.onnx"], "--overwrite"],
            "compare" => [.. command[1..], "--modes", "last-layer,dense"],
            _ => command[1..],
        };
        var run = Edb.Run(args);
        Assert.True(run.Code == 0, $"{string.Join(' ', command)}: {run.Error}");
    }

    static string[][] Commands(string text) => [.. text.Split('\n').Where(line => line.StartsWith("  edb ", StringComparison.Ordinal)).Select(line => Split(line))];

    string Filled(string options) => options.Replace("{", $"'{_folder.Path}/", StringComparison.Ordinal).Replace('}', '\'');

    /// <summary>Words as a POSIX shell makes them: single quotes, backslashes outside of them, and comments.</summary>
    static string[] Split(string line)
    {
        var (words, word, quoted) = (new List<string>(), default(StringBuilder), false);
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\'') (quoted, word) = (!quoted, word ?? new());
            else if (quoted) word!.Append(c);
            else if (c == '\\') (word ??= new()).Append(line[++i]);
            else if (c == '#' && word is null) break;
            else if (c != ' ') (word ??= new()).Append(c);
            else if (word is not null) (_, word) = (Add(word), null);
        }
        if (word is not null) Add(word);
        return [.. words];

        bool Add(StringBuilder text)
        {
            words.Add(text.ToString());
            return true;
        }
    }
}
