using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Our gradients against PyTorch's autograd (tests/references, made by tools/make_gradient_references.py).</summary>
public sealed class GradientReferenceTests
{
    const double Tolerance = 1e-4;

    /// <summary>The bias of an attention's keys, and one in front of a normalization, has next to no gradient but rounding: below this part of the largest gradient it counts as none.</summary>
    const double ZeroGradient = 1e-3;

    [Theory]
    [InlineData("fashion")]
    [InlineData("fashion-int8")]
    [InlineData("mlp")]
    [InlineData("residual")]
    [InlineData("depthwise-separable")]
    [InlineData("mixed")]
    [InlineData("conv1d")]
    [InlineData("sequence-mlp")]
    [InlineData("einsum")]
    [InlineData("encoder")]
    [InlineData("encoder-opset-12")]
    [InlineData("gru")]
    [InlineData("lstm")]
    [InlineData("rnn")]
    [InlineData("vit")]
    [InlineData("fresh-convolutions")]
    [InlineData("fresh-layer-norms")]
    [InlineData("fresh-norms")]
    [InlineData("training-mode")]
    [InlineData("training-mode-opset-12")]
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
        var graph = GraphImporter.Import(model, new ImportOptions
        {
            Batch = x.Shape[0],
            SampleShapes = model.Graph.Inputs[0].Dims!.Skip(1).Any(dim => dim.Value is null)
                ? new Dictionary<string, int[]> { ["x"] = x.Shape[1..] } : [],
        });
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
        var zero = name is "encoder" or "encoder-opset-12" or "vit" or "fresh-norms" ? ZeroGradient * expected.Names.Max(n => expected[n].ReadFloats().Max(Math.Abs)) : 0;
        if (name.StartsWith("fresh", StringComparison.Ordinal) || name.StartsWith("training", StringComparison.Ordinal))
            Assert.DoesNotContain(graph.Parameters, p => p.Name.Contains("running", StringComparison.Ordinal));
        foreach (var parameter in expected.Names)
        {
            var ours = Assert.Single(graph.Parameters, p => p.Name == parameter);
            AssertClose(parameter, probe.Gradients[ours], expected[parameter].ReadFloats(), zero);
        }
    }

    /// <summary>Relative to the largest element of the reference.</summary>
    static void AssertClose(string what, float[] ours, float[] reference, double zero = 0)
    {
        Assert.Equal(reference.Length, ours.Length);
        var largest = Math.Max(reference.Max(Math.Abs), zero);
        for (var i = 0; i < ours.Length; i++)
            Assert.True(Math.Abs(ours[i] - reference[i]) <= Tolerance * largest + 1e-9, $"{what}[{i}]: ours {ours[i]}, PyTorch {reference[i]}, largest {largest}");
    }
}
