using System.Text.Json;
using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>What a folder of photos leaves out is named and counted by every verb that reads it, in the same words.</summary>
public sealed class LeftOutSamplesTests : IDisposable
{
    const int Side = 4, PerClass = 6;
    static readonly string[] s_classes = ["left", "middle", "right"];

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PersonalizeAndEvalNameTheSameSkippedSamplesAndNotes()
    {
        var (model, photos) = (Model(), Photos());
        var trained = Edb.Run("personalize", model, "--data", photos, "--store", _folder["s.edb"], "--steps", "4", "--batch", "4", "--lr", "0.1",
            "--accept-if", "user>=-1", "--labels", Labels(), "--json");
        Assert.True(trained.Code == 0, trained.Error);
        var evaluated = Edb.Run("eval", model, "--store", _folder["s.edb"], "--data", photos, "--json");
        Assert.True(evaluated.Code == 0, evaluated.Error);

        Assert.Equal(Texts(trained.Json, "skipped"), Texts(evaluated.Json, "skipped"));
        Assert.Equal(Texts(trained.Json, "notes"), Texts(evaluated.Json, "notes"));
        Assert.Contains("broken.png", Assert.Single(Texts(evaluated.Json, "skipped")));
        Assert.Contains(Texts(evaluated.Json, "notes"), note => note.Contains("readme.txt", StringComparison.Ordinal));
        Assert.Equal(s_classes.Length * PerClass, evaluated.Json.GetProperty("samples").GetInt32());
    }

    [Fact]
    public void EvalSaysOnItsLineHowManySamplesItSkipped()
    {
        var run = Edb.Run("eval", Model(), "--data", Photos(), "--labels", Labels());
        Assert.Equal(0, run.Code);
        Assert.Contains($"on {s_classes.Length * PerClass} samples", run.Out);
        Assert.Contains("1 skipped", run.Out);
        Assert.Contains("broken.png", run.Error);
        Assert.Contains("readme.txt", run.Error);
    }

    static string[] Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    string Labels()
    {
        File.WriteAllLines(_folder["labels.txt"], s_classes);
        return _folder["labels.txt"];
    }

    string Photos()
    {
        var root = _folder["photos"];
        for (var c = 0; c < s_classes.Length; c++)
        {
            Directory.CreateDirectory(Path.Combine(root, s_classes[c]));
            for (var i = 0; i < PerClass; i++)
            {
                var pixels = new byte[Side * Side];
                for (var p = 0; p < pixels.Length; p++) pixels[p] = (byte)(p % Side == c ? 200 + i : 20 + p);
                File.WriteAllBytes(Path.Combine(root, s_classes[c], $"{i}.png"), PngImage.Encode(pixels, Side, Side, 1));
            }
        }
        File.WriteAllBytes(Path.Combine(root, "left", "broken.png"), File.ReadAllBytes(Path.Combine(root, "left", "0.png"))[..40]);
        File.WriteAllText(Path.Combine(root, "left", "readme.txt"), "no photo");
        return root;
    }

    string Model()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 1, Side, Side);
        b.Initializer("w", TemporaryFolder.Numbers(1, Side * Side * s_classes.Length, 0.4f), Side * Side, s_classes.Length);
        b.Initializer("b", new float[s_classes.Length], s_classes.Length);
        b.Node("Flatten", ["x"], ["f"]);
        b.Node("Gemm", ["f", "w", "b"], ["logits"], "last");
        b.Output("logits", OnnxDataType.Float, "N", s_classes.Length);
        b.Write(_folder["photos.onnx"]);
        return _folder["photos.onnx"];
    }
}
