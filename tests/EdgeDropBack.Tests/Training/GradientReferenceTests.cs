using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Our gradients against PyTorch's autograd (tests/references, made by tools/make_gradient_references.py).</summary>
public sealed class GradientReferenceTests
{
    const double Tolerance = 1e-4;

    [Theory]
    [InlineData("fashion")]
    [InlineData("fashion-int8")]
    [InlineData("mlp")]
    [InlineData("residual")]
    [InlineData("depthwise-separable")]
    [InlineData("mixed")]
    [InlineData("conv1d")]
    [InlineData("sequence-mlp")]
    public void GradientsAreThoseOfPyTorch(string name)
    {
        var folder = Path.Combine(Repository.Root, "tests", "references", name);
        var modelPath = name == "fashion" ? Path.Combine(Repository.Root, "models", "fashion", "model.onnx") : Path.Combine(folder, "model.onnx");
        var inputs = NpzFile.Read(Path.Combine(folder, "input.npz"));
        var x = inputs[inputs.Names[0]];
        var labels = NpyReader.Read(Path.Combine(folder, "target.npy")).ReadInt64s("target");
        var expected = NpzFile.Read(Path.Combine(folder, "gradients.npz"));
        var logits = NpyReader.Read(Path.Combine(folder, "logits.npy")).ReadFloats();

        using var model = OnnxModel.Open(modelPath);
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = x.Shape[0] });
        using var workers = new Workers(1);
        using var probe = new GradientProbe(graph, LossKind.CrossEntropy, workers);
        x.ReadFloats().CopyTo(probe.Input(graph.Inputs[0]));
        var outputs = probe.OutputShape.Count / graph.Batch;
        var batch = new Batch(graph.Batch, outputs);
        for (var i = 0; i < labels.Length; i++)
        {
            batch.Weights[i] = 1f;
            batch.Targets[i * outputs + labels[i]] = 1f;
        }
        probe.Run(batch);

        if (name != "mixed") AssertClose("logits", probe.Logits, logits);
        Assert.NotEmpty(expected.Names);
        foreach (var parameter in expected.Names)
        {
            var ours = Assert.Single(graph.Parameters, p => p.Name == parameter);
            AssertClose(parameter, probe.Gradients[ours], expected[parameter].ReadFloats());
        }
    }

    /// <summary>Relative to the largest element of the reference.</summary>
    static void AssertClose(string what, float[] ours, float[] reference)
    {
        Assert.Equal(reference.Length, ours.Length);
        var largest = reference.Max(Math.Abs);
        for (var i = 0; i < ours.Length; i++)
            Assert.True(Math.Abs(ours[i] - reference[i]) <= Tolerance * largest + 1e-9, $"{what}[{i}]: ours {ours[i]}, PyTorch {reference[i]}, largest {largest}");
    }
}
