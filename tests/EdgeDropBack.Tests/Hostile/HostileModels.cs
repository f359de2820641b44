using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Tests.Onnx;
using EdgeDropBack.Tests.Operators;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>What is done with a model file by `edb inspect`, `plan`, `export`, `run` and `personalize`, and sound models to change.</summary>
static class HostileModels
{
    /// <summary>Models beyond this are planned, but not run: floats of the arena, and multiply-adds.</summary>
    const long MaxArena = 1 << 18, MaxWork = 1 << 20;

    /// <summary>One model for every form of every operator, and some with layers, functions and a loss of their own.</summary>
    public static IReadOnlyList<byte[]> Samples { get; } =
    [
        .. OperatorGradientTests.Cases.Select(form =>
        {
            var model = new CaseModel(form.Opset);
            form.Build(model);
            return model.ToBytes();
        }),
        .. Enumerable.Repeat(0, 40).SelectMany(_ => new[] { OnnxSamples.Perceptron().ToBytes(), Network(), WithFunction() }),
    ];

    /// <exception cref="EdbException">The model is refused; one that is inspected, but cannot be trained on samples, is not.</exception>
    public static void Use(OnnxModel model, string path)
    {
        bool isImported;
        using (model)
        {
            foreach (var tensor in model.Graph.Initializers) Assert.Equal(tensor.ByteCount, tensor.Raw.Length);
            var (verdicts, graph, problems) = GraphImporter.Inspect(model, new ImportOptions { Batch = 1 });
            Assert.Equal(graph is null, problems.Count > 0);
            Assert.True(verdicts.Count <= model.Graph.Nodes.Count);
            if (graph is not null) Differentiate(graph);
            isImported = graph is not null;
            OnnxExport.Write(model, new Dictionary<string, ReplacedTensor>(), Stream.Null);
        }
        try
        {
            Train(path);
        }
        catch (EdbException) when (isImported)
        {
        }
    }

    /// <summary>Plans for the forward and for the gradient of the sum of the first output; both are run where that is little work.</summary>
    static void Differentiate(Graph graph)
    {
        var isSmall = IsSmall(graph);
        Run(Planner.ForInference(graph), null);
        if (graph.Outputs[0].Kind != ValueKind.Activation || graph.Nodes.Any(node => !node.Operator.HasGradient)) return;
        Run(Planner.ForTraining(graph, graph.Outputs[0], _ => true), graph.Outputs[0]);

        void Run(TrainingPlan plan, Value? y)
        {
            if (!isSmall || plan.ArenaFloats > MaxArena) return;
            using var workers = new Workers(1);
            using var arena = new AlignedBuffer(plan.ArenaFloats);
            var executor = new Executor(plan, arena, workers, new DenseValues(graph.Parameters));
            var meter = default(NoMeter);
            executor.Forward(ref meter, isTraining: y is not null);
            if (y is null) return;
            executor.GradientOf(y).Fill(1f);
            executor.Backward(ref meter, new DenseGradients(graph.Parameters, graph.Parameters.Count));
        }
    }

    static void Train(string path)
    {
        using var session = TrainingSession.Open(path, new SessionOptions { Batch = 1, Threads = 1, Budget = new Budget(0.5, true), Loss = LossKind.MeanSquaredError });
        var tracked = AlgorithmicLens.Spread(session.Graph, session.Setup.IsTrainable, session.BudgetCount);
        AlgorithmicLens.Compare(session.Graph, session.LossInput, session.Setup.IsTrainable, tracked);
        if (session.ArenaBytes > MaxArena * sizeof(float) || !IsSmall(session.Graph)) return;
        var x = new float[session.Graph.Inputs[0].Shape.Count];
        for (var i = 0; i < x.Length; i++) x[i] = 0.25f * (i % 7);
        session.Step(x, new int[1], 0.1f);
        session.Freeze();
        session.Step(x, new int[1], 0.1f);
        Assert.NotEmpty(session.ToStore(new() { ModelSha256 = session.Model.Sha256, TrainableCount = session.Setup.TrainableCount }).ToBytes());
    }

    static bool IsSmall(Graph graph)
        => graph.MultiplyAdds <= MaxWork && graph.Nodes.Sum(node => node.Outputs.Sum(output => (long)output.Shape.Count)) <= MaxWork;

    /// <summary>x [N, 1, 6, 6], convolution, batch norm, pooling, a dense layer, Softmax.</summary>
    static byte[] Network()
    {
        var b = new OnnxBuilder("network");
        b.Input("x", OnnxDataType.Float, "N", 1, 6, 6).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("w1", Weights(18), 2, 1, 3, 3).Initializer("b1", Weights(2), 2).Initializer("w2", Weights(54), 18, 3).Initializer("b2", Weights(3), 3);
        b.Initializer("scale", [1f, 1.5f], 2).Initializer("shift", Weights(2), 2).Initializer("mean", Weights(2), 2).Initializer("var", [1f, 2f], 2);
        b.Node("Conv", ["x", "w1", "b1"], ["c"]).Ints("pads", 1, 1, 1, 1).Ints("kernel_shape", 3, 3).Int("group", 1);
        b.Node("BatchNormalization", ["c", "scale", "shift", "mean", "var"], ["n"]).Float("epsilon", 1e-5f);
        b.Node("Relu", ["n"], ["r"]);
        b.Node("MaxPool", ["r"], ["p"]).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2).Int("ceil_mode", 1);
        b.Node("Shape", ["p"], ["s"]);
        b.Node("Constant", [], ["zero"]).Tensor("value", [0L], 1);
        b.Node("Gather", ["s", "zero"], ["n0"]);
        b.Node("Constant", [], ["rest"]).Tensor("value", [-1L], 1);
        b.Node("Concat", ["n0", "rest"], ["to"]).Int("axis", 0);
        b.Node("Reshape", ["p", "to"], ["f"]);
        b.Node("Gemm", ["f", "w2", "b2"], ["g"]);
        b.Node("Softmax", ["g"], ["y"]).Int("axis", -1);
        return b.ToBytes();
    }

    static byte[] WithFunction()
    {
        var b = new OnnxBuilder("functions");
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", 3);
        b.Initializer("w", Weights(12), 4, 3);
        var dense = b.Function("custom", "Dense", ["x", "w"], ["y"], "slope");
        dense.Node("MatMul", ["x", "w"], ["h"]);
        dense.Node("Activate", ["h"], ["y"], "", "custom").Reference("alpha", OnnxAttributeType.Float, "slope");
        b.Function("custom", "Activate", ["x"], ["y"], "alpha").Node("LeakyRelu", ["x"], ["y"]).Reference("alpha", OnnxAttributeType.Float, "alpha");
        b.Opset("custom", 1);
        b.Node("Dense", ["x", "w"], ["y"], "call", "custom").Float("slope", 0.25f);
        return b.ToBytes();
    }

    static float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7 % 11 - 5) * 0.1f)];
}
