using EdgeDropBack.Data;

namespace EdgeDropBack.Cli.Tests;

public sealed class RunTests : IDisposable
{
    const int Samples = 130;
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnyNumberOfSamplesGivesEachItsOwnOutput()
    {
        var x = TemporaryFolder.Numbers(4, Samples * 6, 1f);
        var all = Logits(_folder.Model(), x, Samples);
        Assert.Equal([Samples, 3], all.Shape);
        var last = Logits(_folder["tiny.onnx"], x[^6..], 1);
        Assert.Equal(all.ReadFloats()[^3..], last.ReadFloats());
    }

    [Fact]
    public void WhatWasLearnedAndItsExportGiveTheSameBits()
    {
        var (model, data) = (_folder.Model(), _folder.Data());
        Assert.Equal(0, Edb.Run("personalize", model, "--data", data, "--store", _folder["s.edb"], "--steps", "5", "--lr", "0.1").Code);
        Assert.Equal(0, Edb.Run("export", model, "--store", _folder["s.edb"], "-o", _folder["mine.onnx"]).Code);
        var x = TemporaryFolder.Numbers(4, Samples * 6, 1f);
        var learned = Logits(model, x, Samples, "--store", _folder["s.edb"]).ReadFloats();
        Assert.Equal(Logits(_folder["mine.onnx"], x, Samples).ReadFloats(), learned);
        Assert.NotEqual(Logits(model, x, Samples).ReadFloats(), learned);
    }

    [Fact]
    public void ByteSamplesAreScaledAsInTraining()
    {
        var bytes = new byte[] { 0, 51, 102, 153, 204, 255 };
        NpzWriter.Write(_folder["bytes.npz"], [("x", NpyArray.From(bytes, 1, 6))]);
        Assert.Equal(0, Edb.Run("run", _folder.Model(), "--input", _folder["bytes.npz"], "-o", _folder["y.npz"]).Code);
        var fromBytes = NpzFile.Read(_folder["y.npz"])["logits"].ReadFloats();
        Assert.Equal(Logits(_folder["tiny.onnx"], [.. bytes.Select(b => b / 255f)], 1).ReadFloats(), fromBytes);
    }

    [Fact]
    public void AShapeThatDoesNotFitIsRefused()
    {
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(new float[10], 2, 5))]);
        var run = Edb.Run("run", _folder.Model(), "--input", _folder["x.npz"], "-o", _folder["y.npz"]);
        Assert.Equal(3, run.Code);
        Assert.Contains("input 'x'", run.ErrorLine);
    }

    NpyArray Logits(string model, float[] x, int samples, params string[] more)
    {
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(x, samples, 6))]);
        var run = Edb.Run(["run", model, "--input", _folder["x.npz"], "-o", _folder["y.npz"], "--json", .. more]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(samples, run.Json.GetProperty("samples").GetInt32());
        return NpzFile.Read(_folder["y.npz"])["logits"];
    }
}
