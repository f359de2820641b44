using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>A folder of its own for a test, with tiny models and data in it.</summary>
sealed class TemporaryFolder : IDisposable
{
    public const int Features = 6, Classes = 3;

    public string Path { get; } = Directory.CreateTempSubdirectory("edb-cli-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Two fully connected layers: x [N, 6] to logits [N, 3].</summary>
    public string Model(string name = "tiny.onnx")
    {
        const int Hidden = 8;
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", Features);
        b.Initializer("w1", Numbers(1, Features * Hidden, 0.4f), Features, Hidden);
        b.Initializer("b1", new float[Hidden], Hidden);
        b.Initializer("w2", Numbers(2, Hidden * Classes, 0.4f), Hidden, Classes);
        b.Initializer("b2", new float[Classes], Classes);
        b.Node("Gemm", ["x", "w1", "b1"], ["h"], "first");
        b.Node("Relu", ["h"], ["r"], "relu");
        b.Node("Gemm", ["r", "w2", "b2"], ["logits"], "last");
        b.Output("logits", OnnxDataType.Float, "N", Classes);
        b.Write(this[name]);
        return this[name];
    }

    /// <summary>Samples whose class is told by which third of the features is largest.</summary>
    public string Data(string name = "data.npz", int samples = 60, int seed = 3)
    {
        var (x, y) = (Numbers((uint)seed, samples * Features, 0.3f), new long[samples]);
        for (var i = 0; i < samples; i++)
        {
            y[i] = i % Classes;
            x[i * Features + (int)y[i] * 2] += 1.5f;
        }
        NpzWriter.Write(this[name], [("x", NpyArray.From(x, samples, Features)), ("y", NpyArray.From(y, samples))]);
        return this[name];
    }

    public static float[] Numbers(uint stream, int count, float scale)
    {
        var numbers = new float[count];
        Kernels.IndexedRandom.Fill(new(11, stream, scale, Kernels.Distribution.Normal), 0, numbers);
        return numbers;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
