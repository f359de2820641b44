using EdgeDropBack.Graphs;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>
/// The view of Golub (2018): what a training step has to move, whatever the cache. Every operand is touched once in a phase by the node
/// that uses it; nothing survives from one node to the next. The rules:
/// <list type="bullet">
/// <item><b>forward</b>: each input activation is read once, each output written once, each weight read once. A node in place reads and
/// writes too; views cost nothing, and so does a Relu that is part of the node in front of it. The loss reads logits and targets. Argmax and batch statistics are written as saved
/// activations.</item>
/// <item><b>weights</b> cost what they take where they are stored: 4 bytes as float32 or int32, 2 as float16 or bfloat16, 1 as int8 or
/// uint8 (their scales are held beside and not counted), nothing when they are
/// regenerated or zero, which is counted beside; over a zero base products are counted with the tracked weights alone. Tracked weights cost 4 bytes a value, 2 an index and 4 a tile of 65,536 on top; the base
/// value under a tracked weight is read all the same, since panels are copied whole. A parameter that is materialised in the arena
/// counts as
/// the weights that it is, where it is used; the copy is staging, as a packed panel is. Constants are base weights of 4 bytes.</item>
/// <item><b>backward-data</b>: the output's gradient is read, weights are read again, the input's gradient is written; a gradient that
/// several nodes add to is read and written. What is read of the forward's values is a saved activation,
/// the output of a node that a Relu is part of among them.</item>
/// <item><b>backward-weight</b>: the output's gradient and the saved input are read. Dense: the whole gradient is written. Before the
/// freeze its
/// tiles are consumed in cache: only the k tracked gradients are written, and the indices read that find them. After the freeze the same,
/// and what has no tracked weight is not visited (the plan leaves it out). The gradient of a materialised parameter is written whole,
/// and read
/// once to be looked through.</item>
/// <item><b>select</b>: old tracked values, indices, gradients and base values are read; the new values and indices are written; of
/// each entrant the
/// gradient is written and read, and the base value read. Base values are read one by one, so each is a line. Candidates that do not
/// enter
/// stay in cache.</item>
/// <item><b>update</b>: dense: weight and gradient are read and the weight written; after the freeze the same for k values. Optimizer
/// state is read
/// and written. The norm for clipping is taken in the same pass.</item>
/// <item><b>checkpoint</b>: tracked values, indices and optimizer state are read once.</item>
/// <item><b>dense</b> and <b>last-layer</b> hold every weight as float32, as the engine's dense baseline does.</item>
/// </list>
/// Filling the input, per-sample losses and weights of samples, and adding up the k gradients of micro-batches are left out. Lines have 64 bytes.
/// </summary>
static class AlgorithmicLens
{
    /// <summary>Traffic of one step, known before training starts.</summary>
    /// <param name="plan">The plan of that step; for <see cref="TrafficMode.Frozen"/> of the parameters that have tracked weights
    /// only.</param>
    /// <param name="tracked">Tracked weights by parameter ordinal; not looked at in dense and last-layer steps.</param>
    /// <param name="optimizerFloats">Floats of optimizer state a weight: 0 SGD, 1 momentum, 2 Adam.</param>
    /// <param name="entered">Weights that a select step exchanges; the data decide it.</param>
    /// <param name="checkpoint">A checkpoint is written after the step.</param>
    /// <param name="passes">Micro-batches of the step, each as the plan has it.</param>
    public static StepTraffic Predict(
        TrainingPlan plan, IReadOnlyList<int> tracked, TrafficMode mode, int optimizerFloats = 0, int entered = 0, bool checkpoint = false, int passes = 1)
    {
        var isDense = mode is TrafficMode.Dense or TrafficMode.LastLayer;
        int[] counts = isDense ? [] : [.. tracked];
        if (!isDense && counts.Length != plan.Graph.Parameters.Count)
            throw new ArgumentException($"{counts.Length} tracked counts for {plan.Graph.Parameters.Count} parameters.", nameof(tracked));
        var counter = TrafficCounter.ForPrediction(plan.Graph, counts);
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var node in plan.Forward) counter.Forward(node);
            counter.Loss(plan);
            foreach (var node in plan.Backward)
            {
                foreach (var again in node.Recomputed) counter.Forward(again);
                counter.Backward(node, sampled: mode == TrafficMode.Frozen);
            }
        }
        if (mode == TrafficMode.Select) counter.Select(counts, entered, optimizerFloats);
        else counter.Update(optimizerFloats);
        if (checkpoint) counter.Checkpoint(optimizerFloats);
        return counter.Predicted(mode) with { Footprint = Footprint.Of(plan) };
    }

    /// <summary>The step as DropBack before and after the freeze, as dense SGD, and as training of the last layer, on one graph and
    /// batch.</summary>
    /// <param name="isTrainable">What DropBack and dense SGD train.</param>
    /// <param name="tracked">Tracked weights by parameter ordinal.</param>
    /// <param name="plan">How DropBack's steps are planned for the parameters they want; null keeps all activations, as the others do.</param>
    public static TrafficComparison Compare(
        Graph graph, Value lossInput, Func<Parameter, bool> isTrainable, IReadOnlyList<int> tracked,
        int optimizerFloats = 0, int entered = 0, Func<Func<Parameter, bool>, TrainingPlan>? plan = null)
    {
        var all = Planner.ForTraining(graph, lossInput, isTrainable);
        plan ??= wants => Planner.ForTraining(graph, lossInput, wants);
        var anyTracked = graph.Parameters.Any(p => tracked[p.Ordinal] > 0);
        var frozen = plan(anyTracked ? p => tracked[p.Ordinal] > 0 : isTrainable);
        var last = LastLayer(graph, lossInput);
        return new TrafficComparison(
            Predict(plan(isTrainable), tracked, TrafficMode.Select, optimizerFloats, entered),
            Predict(frozen, tracked, TrafficMode.Frozen, optimizerFloats),
            Predict(all, tracked, TrafficMode.Dense, optimizerFloats),
            Predict(Planner.ForTraining(graph, lossInput, last.Contains), tracked, TrafficMode.LastLayer, optimizerFloats));
    }

    /// <summary>
    /// The trainable parameters of the last node with a weight, and of what comes after it; of parameters without a weight among them, those of the
    /// last node.
    /// </summary>
    public static IReadOnlySet<Parameter> LastLayer(Graph graph, Value lossInput)
    {
        var layers = new LayerMap(graph);
        var reached = GradientReach.Parameters(graph, lossInput);
        var trainable = graph.Parameters.Where(p => reached[p.Ordinal]).ToArray();
        var weights = trainable.Where(p => p.Role == ParameterRole.Weight).ToArray();
        var last = (weights.Length > 0 ? weights : trainable).Select(layers.Of).DefaultIfEmpty().Max();
        return trainable.Where(p => layers.Of(p) >= last).ToHashSet();
    }

    /// <summary>
    /// How k tracked weights might spread before training has said it: in proportion to the size of the trainable parameters, remainders
    /// to the largest fraction, then to the first.
    /// </summary>
    /// <returns>By parameter ordinal.</returns>
    public static int[] Spread(Graph graph, Func<Parameter, bool> isTrainable, int k)
    {
        var trainable = graph.Parameters.Where(isTrainable).ToArray();
        var total = trainable.Sum(p => (long)p.Count);
        var counts = new int[graph.Parameters.Count];
        if (total == 0) return counts;
        k = (int)Math.Min(k, total);
        foreach (var parameter in trainable) counts[parameter.Ordinal] = (int)((long)k * parameter.Count / total);
        var left = k - counts.Sum();
        foreach (var parameter in trainable.OrderByDescending(p => (long)k * p.Count % total).ThenBy(p => p.Ordinal).Take(left))
            counts[parameter.Ordinal]++;
        return counts;
    }

    /// <summary>
    /// The same k weights in the last layers that can hold them, for which a frozen step's backward pass is the shortest.
    /// </summary>
    /// <returns>By parameter ordinal.</returns>
    public static int[] SpreadOverLastLayers(Graph graph, Func<Parameter, bool> isTrainable, int k)
    {
        var layers = new LayerMap(graph);
        var counts = new int[graph.Parameters.Count];
        foreach (var parameter in graph.Parameters.Where(isTrainable).OrderByDescending(layers.Of).ThenBy(p => p.Ordinal))
        {
            counts[parameter.Ordinal] = Math.Min(k, parameter.Count);
            k -= counts[parameter.Ordinal];
        }
        return counts;
    }
}
