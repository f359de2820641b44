using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Library;

/// <summary>The models of tests/references with one batch of their data.</summary>
static class Reference
{
    public static readonly string[] Names = ["mlp", "residual", "depthwise-separable", "mixed", "conv1d", "sequence-mlp"];

    public static (string Model, float[] X, int[] Shape, int[] Labels) Open(string name)
    {
        var folder = Path.Combine(Repository.Root, "tests", "references", name);
        var inputs = NpzFile.Read(Path.Combine(folder, "input.npz"));
        var x = inputs[inputs.Names[0]];
        var labels = NpyReader.Read(Path.Combine(folder, "target.npy")).ReadInt64s("target");
        return (Path.Combine(folder, "model.onnx"), x.ReadFloats(), x.Shape, [.. labels.Select(l => (int)l)]);
    }
}
