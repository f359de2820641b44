using EdgeDropBack.Data;

namespace EdgeDropBack.Cli.Tests;

public sealed class GradientsTests : IDisposable
{
    const int Samples = 4;
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryParameterHasAGradientOfItsShape()
    {
        var (x, y) = Files();
        var run = Edb.Run("gradients", _folder.Model(), "--input", x, "--target", y, "-o", _folder["g.npz"], "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(Samples, run.Json.GetProperty("samples").GetInt32());
        var gradients = NpzFile.Read(_folder["g.npz"]);
        Assert.Equal(["b1", "b2", "w1", "w2"], gradients.Names.Order());
        Assert.Equal([6, 8], gradients["w1"].Shape);
        Assert.Equal([3], gradients["b2"].Shape);
    }

    [Fact]
    public void TheBiasGradientOfTheSquaredErrorIsItsDerivative()
    {
        var model = _folder.Model();
        var (x, _) = Files();
        NpyWriter.Write(_folder["t.npy"], NpyArray.From(TemporaryFolder.Numbers(9, Samples * 3, 1f), Samples, 3));
        var loss = Loss(model, x);
        Assert.True(loss > 0);
        var gradient = NpzFile.Read(_folder["g.npz"])["b2"].ReadFloats();
        Assert.Contains(gradient, g => g != 0);

        double Loss(string path, string input)
            => Edb.Run("gradients", path, "--input", input, "--target", _folder["t.npy"], "-o", _folder["g.npz"], "--loss", "mse",
                "--json").Json.GetProperty("loss").GetDouble();
    }

    [Fact]
    public void ATargetOfAnotherShapeIsRefusedWithBothShapes()
    {
        var (x, _) = Files();
        NpyWriter.Write(_folder["t.npy"], NpyArray.From([0f, 1f], 2));
        var run = Edb.Run("gradients", _folder.Model(), "--input", x, "--target", _folder["t.npy"], "-o", _folder["g.npz"]);
        Assert.Equal(3, run.Code);
        Assert.Contains("[2]", run.ErrorLine);
        Assert.Contains("[4, 3]", run.ErrorLine);
    }

    [Fact]
    public void AnInputWithoutItsArrayIsRefusedWithTheNames()
    {
        var (_, y) = Files();
        NpzWriter.Write(_folder["other.npz"], [("z", NpyArray.From(new float[6], 1, 6))]);
        var run = Edb.Run("gradients", _folder.Model(), "--input", _folder["other.npz"], "--target", y, "-o", _folder["g.npz"]);
        Assert.Equal(3, run.Code);
        Assert.Contains("'z'", run.ErrorLine);
        Assert.Contains("'x'", run.ErrorLine);
    }

    (string X, string Y) Files()
    {
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(5, Samples * 6, 1f), Samples, 6))]);
        NpyWriter.Write(_folder["y.npy"], NpyArray.From([0L, 1, 2, 1], Samples));
        return (_folder["x.npz"], _folder["y.npy"]);
    }
}
