using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Traffic;

/// <summary>
/// The rules of the lens, worked out by hand on x [2, 3] -> W1 [5, 3] -> ReLU -> W2 [4, 5], with 15 + 20 weights of which 3 + 2 are
/// tracked.
/// </summary>
public sealed class AlgorithmicLensTests
{
    static readonly int[] s_tracked = [3, 2];

    [Fact]
    public void ForwardReadsInputsAndWeightsOnceAndWritesOutputsOnce()
    {
        var step = Predict(new Zeros(BaseKind.Float32), TrafficMode.Frozen);
        Assert.Equal(
        [
            Row("first", TrafficOperand.ActivationIn, read: new(6, 24, 1)),
            Row("first", TrafficOperand.ActivationOut, write: new(10, 40, 1)),
            Row("first", TrafficOperand.BaseWeights, read: new(15, 60, 1)),
            Row("first", TrafficOperand.TrackedValues, read: new(3, 12, 1)),
            Row("first", TrafficOperand.TrackedIndices, read: new(3 + 1, 2 * 3 + 4, 1)),
            Row("relu", TrafficOperand.ActivationIn, read: new(10, 40, 1)),
            Row("relu", TrafficOperand.ActivationOut, write: new(10, 40, 1)),
            Row("second", TrafficOperand.ActivationIn, read: new(10, 40, 1)),
            Row("second", TrafficOperand.ActivationOut, write: new(8, 32, 1)),
            Row("second", TrafficOperand.BaseWeights, read: new(20, 80, 2)),
            Row("second", TrafficOperand.TrackedValues, read: new(2, 8, 1)),
            Row("second", TrafficOperand.TrackedIndices, read: new(2 + 1, 2 * 2 + 4, 1)),
            Row("loss", TrafficOperand.ActivationIn, read: new(16, 64, 2)),
        ],
        step.Rows.Where(r => r.Phase == TrafficPhase.Forward));

        static TrafficRow Row(string layer, TrafficOperand operand, Access read = default, Access write = default)
            => new(TrafficPhase.Forward, layer, operand, read, write, default);
    }

    [Fact]
    public void FrozenStepReadsAndWritesKGradientsAndKValues()
    {
        var step = Predict(new Zeros(BaseKind.Float32), TrafficMode.Frozen);
        Assert.Equal(5 * 4, Written(step, TrafficPhase.BackwardWeight, TrafficOperand.WeightGradient));
        Assert.Equal(5 * 4, Read(step, TrafficPhase.Update, TrafficOperand.WeightGradient));
        Assert.Equal(5 * 4, Read(step, TrafficPhase.Update, TrafficOperand.TrackedValues));
        Assert.Equal(5 * 4, Written(step, TrafficPhase.Update, TrafficOperand.TrackedValues));
        Assert.DoesNotContain(step.Rows, r => r.Operand == TrafficOperand.BaseWeights && r.Write.Bytes > 0);
    }

    [Fact]
    public void DenseStepWritesEveryGradientAndEveryWeight()
    {
        var step = Predict(new Zeros(BaseKind.Float32), TrafficMode.Dense, optimizerFloats: 2);
        Assert.Equal(35 * 4, Written(step, TrafficPhase.BackwardWeight, TrafficOperand.WeightGradient));
        Assert.Equal(35 * 4, Read(step, TrafficPhase.Update, TrafficOperand.WeightGradient));
        Assert.Equal(35 * 4, Read(step, TrafficPhase.Update, TrafficOperand.BaseWeights));
        Assert.Equal(35 * 4, Written(step, TrafficPhase.Update, TrafficOperand.BaseWeights));
        Assert.Equal(35 * 8, Written(step, TrafficPhase.Update, TrafficOperand.OptimizerState));
        Assert.Equal((15 + 20 + 20) * 4 + 35 * 4, step.Rows.Where(r => r.Operand == TrafficOperand.BaseWeights).Sum(r => r.Read.Bytes));
        Assert.DoesNotContain(step.Rows, r => r.Operand is TrafficOperand.TrackedValues or TrafficOperand.TrackedIndices);
    }

    [Fact]
    public void SelectStepHasNoDenseGradientAndReadsTheBaseOfEntrantsOneByOne()
    {
        var step = Predict(new Zeros(BaseKind.Float32), TrafficMode.Select, entered: 4);
        Assert.Equal(5 * 4, Written(step, TrafficPhase.BackwardWeight, TrafficOperand.WeightGradient));
        Assert.Equal((5 + 4) * 4, Read(step, TrafficPhase.Select, TrafficOperand.WeightGradient));
        Assert.Equal(4 * 4, Written(step, TrafficPhase.Select, TrafficOperand.WeightGradient));
        var bases = step.Rows.Where(r => r is { Phase: TrafficPhase.Select, Operand: TrafficOperand.BaseWeights }).ToArray();
        Assert.Equal(new Access(9, 36, 9), bases.Aggregate(default(Access), (sum, row) => sum + row.Read));
        Assert.Equal(5 * 4, Written(step, TrafficPhase.Select, TrafficOperand.TrackedValues));
        Assert.DoesNotContain(step.Rows, r => r.Phase == TrafficPhase.Update);
    }

    [Theory]
    [InlineData(BaseKind.Float32, 4)]
    [InlineData(BaseKind.Float16, 2)]
    [InlineData(BaseKind.BFloat16, 2)]
    [InlineData(BaseKind.Int8, 1)]
    public void BaseCostsWhatItTakesWhereItIsStored(BaseKind kind, int bytes)
    {
        var step = Predict(new Zeros(kind), TrafficMode.Frozen);
        Assert.Equal(35 * bytes, Read(step, TrafficPhase.Forward, TrafficOperand.BaseWeights));
        Assert.Equal(default, step.Totals.Regenerated);
    }

    [Theory]
    [InlineData(BaseKind.Regenerated)]
    [InlineData(BaseKind.Zero)]
    public void RegeneratedWeightsAreCountedBesideAndCostNothing(BaseKind kind)
    {
        var step = Predict(new Zeros(kind), TrafficMode.Frozen);
        Assert.DoesNotContain(step.Rows, r => r.Operand == TrafficOperand.BaseWeights && r.Bytes > 0);
        Assert.Equal(new Regeneration(15 + 20 + 20, 4 * 55), step.Totals.Regenerated);
    }

    [Fact]
    public void ThesisTouchesEveryWeightThreeTimesUnlessItIsRegenerated()
    {
        var regenerated = MakeGraph(new Zeros(BaseKind.Regenerated));
        Assert.Equal(3 * 35, ThesisAccesses.Of(regenerated, s_tracked, TrafficMode.Dense).Total);
        Assert.Equal(3 * 5, ThesisAccesses.Of(regenerated, s_tracked, TrafficMode.Frozen).Total);
        Assert.Equal(35 + 20 + 20, ThesisAccesses.Of(regenerated, s_tracked, TrafficMode.LastLayer).Total);
        var stored = MakeGraph(new Zeros(BaseKind.Float32));
        Assert.Equal(2 * 35 + 5, ThesisAccesses.Of(stored, s_tracked, TrafficMode.Frozen).Total);
    }

    [Fact]
    public void LastLayerStopsItsBackwardThere()
    {
        var graph = MakeGraph(new Zeros(BaseKind.Float32));
        var step = AlgorithmicLens.Compare(graph, graph.Outputs[0], _ => true, s_tracked).LastLayer;
        var trained = step.Rows.Where(r => r.Phase is TrafficPhase.BackwardWeight or TrafficPhase.Update);
        Assert.Equal(["second"], trained.Select(r => r.Layer).Distinct());
        Assert.Equal(["loss"], step.Rows.Where(r => r.Phase == TrafficPhase.BackwardData).Select(r => r.Layer));
    }

    [Fact]
    public void GradientThatTwoNodesAddToIsReadAndWritten()
    {
        using var model = OnnxModel.Open(Path.Combine(Repository.Root, "tests", "references", "residual", "model.onnx"));
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = 2 });
        var plan = Planner.ForTraining(graph, graph.Outputs[0], _ => true);
        var sum = plan.Backward.First(node => node.AddTo.Any(buffer => buffer is not null && buffer.Floats > 0));
        var step = AlgorithmicLens.Predict(plan, new int[graph.Parameters.Count], TrafficMode.Dense);
        var row = step.Rows.Single(r => r.Layer == sum.Node.Name
            && r is { Operand: TrafficOperand.ActivationGradient, Phase: TrafficPhase.BackwardData });
        var added = sum.AddTo.Sum(buffer => (long)(buffer?.Floats ?? 0));
        Assert.Equal(sum.Node.Outputs.Sum(output => (long)output.Shape.Count) + added, row.Read.Elements);
    }

    [Fact]
    public void SpreadGivesOutTheWholeBudgetInProportion()
    {
        var graph = MakeGraph(new Zeros(BaseKind.Float32));
        Assert.Equal([3, 4], AlgorithmicLens.Spread(graph, _ => true, 7));
        Assert.Equal([0, 7], AlgorithmicLens.Spread(graph, p => p.Ordinal == 1, 7));
        Assert.Equal([15, 20], AlgorithmicLens.Spread(graph, _ => true, 1000));
    }

    [Fact]
    public void FootprintNamesTheWorstMomentAndItsHolders()
    {
        var graph = MakeGraph(new Zeros(BaseKind.Float32));
        var plan = Planner.ForTraining(graph, graph.Outputs[0], _ => true);
        var footprint = Footprint.Of(plan, new FootprintItem("tracked set", "weights", 100));
        Assert.Equal(footprint.PeakLiveBytes, footprint.Holders.Sum(holder => holder.Bytes));
        Assert.True(footprint.PeakLiveBytes <= footprint.ArenaBytes);
        Assert.Equal(plan.ArenaBytes + 100, footprint.TotalBytes);
        Assert.Equal(footprint.Holders.OrderByDescending(h => h.Bytes).First().Bytes, footprint.Holders[0].Bytes);
        Assert.Contains("of ", footprint.PeakAt);
    }

    static StepTraffic Predict(ParameterBase weights, TrafficMode mode, int optimizerFloats = 0, int entered = 0)
    {
        var graph = MakeGraph(weights);
        var plan = Planner.ForTraining(graph, graph.Outputs[0], _ => true);
        return AlgorithmicLens.Predict(plan, s_tracked, mode, optimizerFloats, entered);
    }

    static long Read(StepTraffic step, TrafficPhase phase, TrafficOperand operand)
        => step.Rows.Where(r => r.Phase == phase && r.Operand == operand).Sum(r => r.Read.Bytes);

    static long Written(StepTraffic step, TrafficPhase phase, TrafficOperand operand)
        => step.Rows.Where(r => r.Phase == phase && r.Operand == operand).Sum(r => r.Write.Bytes);

    static Graph MakeGraph(ParameterBase weights)
    {
        var first = new Parameter(0, "W1", new Shape(5, 3), weights) { Role = ParameterRole.Weight, IsMatrix = true };
        var second = new Parameter(1, "W2", new Shape(4, 5), weights) { Role = ParameterRole.Weight, IsMatrix = true };
        var x = new Value(0, "x", new Shape(2, 3), ValueKind.Input);
        var w1 = new Value(1, "W1", first.Shape, ValueKind.Parameter) { Parameter = first };
        var h = new Value(2, "h", new Shape(2, 5), ValueKind.Activation);
        var r = new Value(3, "r", new Shape(2, 5), ValueKind.Activation);
        var w2 = new Value(4, "W2", second.Shape, ValueKind.Parameter) { Parameter = second };
        var y = new Value(5, "y", new Shape(2, 4), ValueKind.Activation);
        return new Graph
        {
            Name = "two layers",
            Batch = 2,
            Inputs = [x],
            Outputs = [y],
            Nodes =
            [
                new Node("first", new GemmOperator("Gemm", 1f, transposed: true), [x, w1], [h]),
                new Node("relu", new UnaryOperator("Relu", UnaryKind.Relu), [h], [r]),
                new Node("second", new GemmOperator("Gemm", 1f, transposed: true), [r, w2], [y]),
            ],
            Parameters = [first, second],
            ValueCount = 6,
        };
    }

    /// <summary>A base of any kind that is never read.</summary>
    sealed class Zeros(BaseKind kind) : ParameterBase
    {
        public override BaseKind Kind => kind;

        public override WeightSource Source(int count) => WeightSource.Zero(count);
    }
}
