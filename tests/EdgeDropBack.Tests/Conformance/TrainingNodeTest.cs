using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>
/// Tests of the domain ai.onnx.preview.training, by what trains here: Adam and Momentum by <see cref="Optimizer"/>, Gradient by a plan's
/// backward. What those operators add to it, a weight's share in its gradient, is added in front.
/// </summary>
static class TrainingNodeTest
{
    public static string? Problem(OnnxModel model, NodeTestVectors vectors) => model.Graph.Nodes[^1] switch
    {
        { OpType: "Adam" } node => OfOptimizer(node, vectors, Adam(node), groups: 4),
        { OpType: "Momentum" } node when node.String("mode", "") == "standard" => OfOptimizer(node, vectors, Momentum(node), groups: 3),
        { OpType: "Gradient" } node => OfGradient(model, node, vectors),
        { OpType: "Momentum" } => "Nesterov's momentum is not offered",
        var node => $"optimizer {node.OpType} is not offered",
    };

    static Optimizer Adam(OnnxNode node) => new(OptimizerKind.Adam, 0f)
    {
        Beta1 = node.Float("alpha", 0.9f),
        Beta2 = node.Float("beta", 0.999f),
        Epsilon = node.Float("epsilon", 0f),
    };

    /// <summary>The first gradient enters undamped, which is how a velocity of zero begins here too.</summary>
    static Optimizer Momentum(OnnxNode node) => new(OptimizerKind.Sgd, node.Float("alpha", 0f));

    /// <summary>Inputs R, T, then groups of tensors: X, G and each state; outputs: X and each state.</summary>
    static string? OfOptimizer(OnnxNode node, NodeTestVectors vectors, Optimizer optimizer, int groups)
    {
        var values = vectors.Inputs.Select(input => input.Tensor.ReadFloats()).ToArray();
        var (rate, count) = (values[0][0], (values.Length - 2) / groups);
        Assert.Equal(0f, values[1][0]);
        optimizer.Begin(Uncorrected(optimizer, rate), 0);
        var ours = values.Skip(2).Select(group => group.ToArray()).ToArray();
        for (var tensor = 0; tensor < count; tensor++)
        {
            var (x, gradient, first) = (ours[tensor], ours[tensor + count], ours[tensor + 2 * count]);
            var second = groups == 4 ? ours[tensor + 3 * count] : new float[x.Length];
            for (var i = 0; i < x.Length; i++)
                x[i] = optimizer.Next(x[i], gradient[i] + node.Float("norm_coefficient", 0f) * x[i], ref first[i], ref second[i]);
        }
        float[][] results = [.. ours[..count], .. ours[(2 * count)..]];
        for (var o = 0; o < results.Length; o++)
            if (Closeness.Difference(vectors.Outputs[o].Name, results[o], vectors.Outputs[o].Tensor.ReadFloats(), OnnxDataType.Float) is { } difference)
                return difference;
        return null;
    }

    /// <summary>ONNX's Adam leaves its bias corrections out at T = 0, where ours has them: the rate takes them back.</summary>
    static float Uncorrected(Optimizer optimizer, float rate)
        => optimizer.Kind == OptimizerKind.Adam ? (float)(rate * (1.0 - optimizer.Beta1) / Math.Sqrt(1.0 - optimizer.Beta2)) : rate;

    /// <summary>The nodes in front of Gradient, element by element, with every input a parameter of two equal numbers.</summary>
    static string? OfGradient(OnnxModel model, OnnxNode gradient, NodeTestVectors vectors)
    {
        var b = new OnnxBuilder(opset: model.Opsets[""]);
        foreach (var (name, tensor, _) in vectors.Inputs) b.Initializer(name, [tensor.ReadFloats()[0], tensor.ReadFloats()[0]], 2);
        b.Input("unused", OnnxDataType.Float, 1);
        foreach (var node in model.Graph.Nodes.SkipLast(1)) b.Node(node.OpType, node.Inputs, node.Outputs);
        var y = gradient.String("y", "");
        b.Output(y, OnnxDataType.Float);
        using var forward = OnnxModel.Open(b.ToBytes());
        var graph = GraphImporter.Import(forward, new ImportOptions());
        var plan = Planner.ForTraining(graph, graph.Outputs[0], _ => true);
        using var workers = new Workers(1);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        var executor = new Executor(plan, arena, workers, new DenseValues(graph.Parameters));
        var gradients = new DenseGradients(graph.Parameters, graph.Parameters.Count);
        var meter = default(NoMeter);
        executor.Forward(ref meter, isTraining: true);
        var value = executor.Values(graph.Outputs[0])[0];
        executor.GradientOf(graph.Outputs[0]).Fill(1f);
        executor.Backward(ref meter, gradients);
        foreach (var (name, expected, type) in vectors.Outputs)
        {
            var at = gradient.Outputs.Index().Where(o => o.Item == name).Select(o => o.Index).FirstOrDefault(-1);
            if (at < 0 && name != y) return $"output '{name}' is neither what is differentiated nor a gradient";
            var ours = at < 0 ? value : gradients[graph.Parameters.Single(p => p.Name == gradient.Inputs[at])][0];
            if (Closeness.Difference(name, [ours], expected.ReadFloats(), type) is { } difference) return difference;
        }
        return null;
    }
}
