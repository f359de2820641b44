using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Inputs with open dimensions that have no name, or that are no images: what a message asks for works when it is given.</summary>
public sealed class OpenInputTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnUnnamedDimensionIsAskedForByInputAndAxis()
    {
        var model = Wave("x");
        foreach (var verb in new[] { "inspect", "plan", "verify", "bench" })
        {
            var run = Edb.Run(verb, model);
            Assert.True(run.Code is 2 or 3, run.Error);
            Assert.Contains("dimension 1 ('?') is open; give its size with --dim x:1=N", run.Error);
            Assert.DoesNotContain("--size", run.Error);
        }
    }

    [Theory]
    [InlineData("x", "x:1=48")]
    [InlineData("x", "x:-1=48")]
    [InlineData("audio:0", "audio:0:1=48")]
    [InlineData("a=b,c", "a=b,c:1=48")]
    public void AnUnnamedDimensionIsGivenByInputAndAxis(string input, string dim)
    {
        var model = Wave(input);
        Assert.Equal("[1, 1, 48]", Edb.Run("inspect", model, "--dim", dim, "--json").Json.GetProperty("nodes")[0].GetProperty("shape").GetString());
        string[][] verbs = [["plan"], ["verify"], ["bench", "--steps", "1", "--warmup", "0", "--batch", "2"]];
        foreach (string[] verb in verbs)
        {
            var run = Edb.Run([verb[0], model, .. verb[1..], "--dim", dim]);
            Assert.True(run.Code == 0, $"{verb[0]}: {run.Error}");
        }
    }

    [Theory]
    [InlineData("--size", "16", "--size 16x16: input 'x' is [N, ?], which is no image; give --dim x:1=N instead")]
    [InlineData("--dim", "y:1=48", "the model has no open dimension of that name; open are 'x:1'")]
    [InlineData("--dim", "x:2=48", "whose axes are 1 to 1")]
    [InlineData("--dim", "x:0=4", "counts the samples")]
    [InlineData("--dim", "N=4", "counts the samples")]
    [InlineData("--dim", "x:1=0", "a size is a whole number of 1 or more")]
    [InlineData("--dim", "x:1=-3", "a size is a whole number of 1 or more")]
    [InlineData("--dim", "x:1=48,x:-1=40", "is given as 48 too")]
    public void ASizeThatDoesNotFitTheInputIsRefused(string option, string value, string message)
    {
        foreach (var verb in new[] { "inspect", "plan", "verify", "bench" })
        {
            var run = Edb.Run(verb, Wave("x"), option, value);
            Assert.Equal((2, true), (run.Code, run.ErrorLine.Contains(message, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void ADimensionThatTheModelFixesTakesNoSize()
    {
        var model = Dense(8);
        Assert.Contains("the model fixes dimension 1 of input 'x' at 8; leave it out", Edb.Run("inspect", model, "--dim", "x:1=7").ErrorLine);
        Assert.Contains("no open dimension of that name or any other; leave --dim out", Edb.Run("plan", model, "--dim", "T=7").ErrorLine);
        Assert.Contains("is no image; leave --size out", Edb.Run("inspect", model, "--size", "16").ErrorLine);
    }

    [Theory]
    [InlineData("x:1=48")]
    [InlineData("x:-1=48")]
    public void AProgramOfItsOwnGivesASizeAmongTheOptionsOfASession(string dim)
    {
        var (settings, words) = (new TrainingSettings(), new System.CommandLine.Command("personalize"));
        foreach (var option in settings.OfSession) words.Options.Add(option);
        using var session = Training.TrainingSession.Open(Wave("x"), settings.ReadOwnLoop(words.Parse(["--batch", "4", "--dim", dim])));
        Assert.Equal("[4, 48]", session.Graph.Inputs[0].Shape.ToString());
        var open = Assert.Throws<EdbException>(() => Training.TrainingSession.Open(Wave("x"), settings.ReadOwnLoop(words.Parse([]))));
        Assert.Contains("--dim x:1=N", open.Message);
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("N")]
    [InlineData("batch_size")]
    public void ABatchThatIsNotOnAxis0IsRefusedForTrainingByName(string name)
    {
        var b = new OnnxBuilder("frames first", opset: 16);
        b.Input("frames", OnnxDataType.Float, 5, name, 8).Output("y", OnnxDataType.Float, 5, name, 3);
        b.Initializer("w", TemporaryFolder.Numbers(1, 24, 0.5f), 8, 3);
        b.Node("MatMul", ["frames", "w"], ["y"]);
        b.Write(_folder["frames.onnx"]);
        foreach (string[] words in (string[][])[["plan"], ["bench"], ["personalize", "--data", _folder["none.npz"]]])
        {
            var run = Edb.Run([words[0], _folder["frames.onnx"], .. words[1..]]);
            Assert.Equal(3, run.Code);
            Assert.Contains($"input 'frames' is [5, {name}, 8], with the batch on axis 1; training takes it on axis 0, so export the model with the batch first", run.ErrorLine);
        }
    }

    [Fact]
    public void AStoreKeepsTheSizeThatItWasTrainedWith()
    {
        var model = Wave("x");
        NpzWriter.Write(_folder["d.npz"],
        [
            ("x", NpyArray.From(TemporaryFolder.Numbers(5, 12 * 48, 1), 12, 48)),
            ("y", NpyArray.From([.. Enumerable.Range(0, 12).Select(i => (long)(i % 3))], 12)),
        ]);
        string[] data = ["--data", _folder["d.npz"]];
        Assert.Equal(0, Edb.Run(["personalize", model, .. data, "--dim", "x:1=48", "--steps", "2", "--batch", "4", "--accept-if", "user>=-1", "--store", _folder["m.edb"]]).Code);
        Assert.Equal(0, Edb.Run(["eval", model, .. data, "--store", _folder["m.edb"]]).Code);
        Assert.Equal(0, Edb.Run("export", model, "--store", _folder["m.edb"], "-o", _folder["mine.onnx"]).Code);
        foreach (var sidecar in Directory.GetFiles(Path.GetDirectoryName(model)!, "*.edb.*json")) File.Delete(sidecar);
        Assert.Equal(0, Edb.Run("export", model, "--store", _folder["m.edb"], "--dim", "x:1=48", "-o", _folder["again.onnx"]).Code);
        var wrong = Edb.Run(["personalize", model, .. data, "--dim", "x:1=40", "--steps", "2"]);
        Assert.NotEqual(0, wrong.Code);
        Assert.Contains("40", wrong.Error);
    }

    [Theory]
    [InlineData("--dim", "T=4")]
    [InlineData("--size", "4")]
    [InlineData("--batch", "8")]
    public void ASecondInputIsTheReasonWhateverOptionIsGiven(string option, string value)
    {
        var b = new OnnxBuilder("gain", opset: 16);
        b.Input("x", OnnxDataType.Float, "N", 8).Input("gain", OnnxDataType.Float).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("w", TemporaryFolder.Numbers(1, 24, 0.5f), 8, 3);
        b.Node("MatMul", ["x", "w"], ["l"]);
        b.Node("Mul", ["l", "gain"], ["y"]);
        b.Write(_folder["gain.onnx"]);
        foreach (var verb in new[] { "plan", "personalize" })
        {
            var run = Edb.Run([verb, _folder["gain.onnx"], .. verb == "plan" ? Array.Empty<string>() : ["--data", _folder["gain.onnx"]], option, value]);
            Assert.Equal(3, run.Code);
            Assert.Contains("the model has 2 inputs ('x', 'gain'), and training takes models with one; export it with 'gain' as a constant", run.ErrorLine);
        }
    }

    [Fact]
    public void OpenDimensionsOfEveryInputAreGivenByTheirNames()
    {
        var b = new OnnxBuilder("two", opset: 16);
        b.Input("x", OnnxDataType.Float, "N", "T", 3).Input("mask", OnnxDataType.Float, "N", "T", default(OnnxDim)).Output("y", OnnxDataType.Float, "N", "T", 3);
        b.Node("Mul", ["x", "mask"], ["y"]);
        b.Write(_folder["two.onnx"]);
        Assert.Contains("--dim mask:2=N", Edb.Run("inspect", _folder["two.onnx"], "--dim", "T=4").Error);
        var run = Edb.Run("inspect", _folder["two.onnx"], "--dim", "T=4,mask:2=1", "--json");
        Assert.Equal("[1, 4, 3]", run.Json.GetProperty("nodes")[0].GetProperty("shape").GetString());
        Assert.Contains("open are 'T', 'mask:2'", Edb.Run("inspect", _folder["two.onnx"], "--dim", "t=4").Error);
    }

    string Wave(string input)
    {
        var b = new OnnxBuilder("wave", opset: 16);
        b.Input(input, OnnxDataType.Float, "N", default(OnnxDim)).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("axis", [1L], 1).Initializer("k", TemporaryFolder.Numbers(1, 8 * 16, 0.5f), 8, 1, 16).Initializer("w", TemporaryFolder.Numbers(2, 24, 0.5f), 8, 3);
        b.Node("Unsqueeze", [input, "axis"], ["u"]);
        b.Node("Conv", ["u", "k"], ["c"]).Ints("strides", 4);
        b.Node("ReduceMean", ["c"], ["m"]).Ints("axes", 2).Int("keepdims", 0);
        b.Node("MatMul", ["m", "w"], ["y"]);
        b.Write(_folder["wave.onnx"]);
        return _folder["wave.onnx"];
    }

    string Dense(int width)
    {
        var b = new OnnxBuilder("dense", opset: 16);
        b.Input("x", OnnxDataType.Float, "N", width).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("w", TemporaryFolder.Numbers(1, width * 3, 0.5f), width, 3);
        b.Node("MatMul", ["x", "w"], ["y"]);
        b.Write(_folder["dense.onnx"]);
        return _folder["dense.onnx"];
    }
}
