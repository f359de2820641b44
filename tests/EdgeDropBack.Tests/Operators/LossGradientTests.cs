using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Operators;

/// <summary>The losses, fused with the end of the model where that is a softmax or a sigmoid, against finite differences.</summary>
public sealed class LossGradientTests
{
    const int Samples = 3, Classes = 4;
    const float Epsilon = 5e-3f;

    [Theory]
    [InlineData(LossKind.CrossEntropy, null, true)]
    [InlineData(LossKind.CrossEntropy, "Softmax", true)]
    [InlineData(LossKind.CrossEntropy, "LogSoftmax", true)]
    [InlineData(LossKind.CrossEntropy, "Softmax, Flatten", true)]
    [InlineData(LossKind.BinaryCrossEntropy, null, true)]
    [InlineData(LossKind.BinaryCrossEntropy, "Sigmoid, Dropout", true)]
    [InlineData(LossKind.BinaryCrossEntropy, "Sigmoid", true)]
    [InlineData(LossKind.MeanSquaredError, null, true)]
    [InlineData(LossKind.MeanSquaredError, "Sigmoid", false)]
    [InlineData(LossKind.MeanSquaredError, "Softmax", false)]
    public void GradientIsThatOfFiniteDifferences(LossKind kind, string? last, bool takesLogits)
    {
        var values = new CaseModel(17).Values(5 * Classes, -1f, 1f);
        double At(int element, float step, float[]? gradient)
        {
            var moved = values.ToArray();
            moved[element] += step;
            using var model = Model(moved, last);
            var graph = GraphImporter.Import(model, new ImportOptions { Batch = Samples });
            Assert.Equal(takesLogits && last is not null, LossInput.Of(graph, kind) != graph.Outputs[0]);
            using var workers = new Workers(1);
            using var probe = new GradientProbe(graph, kind, workers);
            new CaseModel(17, seed: 1000).Values(Samples * 5, -2f, 2f).CopyTo(probe.Input(graph.Inputs[0]));
            var loss = probe.Run(Targets(kind));
            if (gradient is not null) probe.Gradients[Assert.Single(graph.Parameters)].CopyTo(gradient, 0);
            return loss;
        }

        var analytic = new float[values.Length];
        At(0, 0f, analytic);
        for (var i = 0; i < analytic.Length; i++)
        {
            var numeric = (8 * (At(i, Epsilon, null) - At(i, -Epsilon, null))
                - (At(i, 2 * Epsilon, null) - At(i, -2 * Epsilon, null))) / (12 * Epsilon);
            Assert.True(Math.Abs(numeric - analytic[i]) <= 1e-3 * analytic.Max(Math.Abs),
                $"{kind} behind {last}: [{i}] is {analytic[i]}, by differences {numeric}");
        }
    }

    [Fact]
    public void ASoftmaxOverSomethingElseIsRefused()
    {
        var b = new OnnxBuilder("loss");
        b.Input("x", OnnxDataType.Float, "N", 5);
        b.Initializer("w", new float[5 * Classes], 5, Classes);
        b.Node("MatMul", ["x", "w"], ["z"]);
        b.Node("Softmax", ["z"], ["y"]).Int("axis", 0);
        b.Output("y", OnnxDataType.Float, "N", Classes);
        using var model = OnnxModel.Open(b.ToBytes());
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = Samples });
        Assert.Contains("Softmax", Assert.Throws<EdbException>(() => LossInput.Of(graph, LossKind.CrossEntropy)).Message);
    }

    static OnnxModel Model(float[] weights, string? last)
    {
        var b = new OnnxBuilder("loss");
        b.Input("x", OnnxDataType.Float, "N", 5);
        b.Initializer("w", weights, 5, Classes);
        b.Node("MatMul", ["x", "w"], ["z"]);
        var value = "z";
        foreach (var type in last?.Split(", ") ?? [])
        {
            b.Node(type, [value], [type]);
            value = type;
        }
        b.Output(value, OnnxDataType.Float, "N", Classes);
        return OnnxModel.Open(b.ToBytes());
    }

    static Batch Targets(LossKind kind)
    {
        var batch = new Batch(Samples, Classes);
        for (var s = 0; s < Samples; s++)
        {
            batch.Weights[s] = s == 1 ? 0.5f : 1f;
            for (var c = 0; c < Classes; c++)
            {
                batch.Targets[s * Classes + c] = kind == LossKind.CrossEntropy ? (c == (s + 1) % Classes ? 1f : 0f)
                    : kind == LossKind.BinaryCrossEntropy ? (c + s) % 2
                    : 0.3f * c - 0.2f * s;
            }
        }
        return batch;
    }
}
