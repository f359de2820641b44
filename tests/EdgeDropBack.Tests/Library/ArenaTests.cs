using CsCheck;
using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Planning;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>The plan tells the truth about who lives when: nothing overlaps, and nothing reads what is dead.</summary>
public sealed class ArenaTests
{
    [Fact]
    public void BuffersThatLiveTogetherNeverOverlap()
        => Gen.Select(Gen.Int[1, 300], Gen.Int[0, 20], Gen.Int[0, 20]).Array[1, 40].Sample(sizes =>
        {
            var buffers = sizes.Select((s, i) =>
            {
                var buffer = new PlannedBuffer($"{i}", BufferUse.Activation, s.Item1);
                buffer.Touch(s.Item2);
                buffer.Touch(s.Item3);
                return buffer;
            }).ToArray();
            var length = ArenaLayout.Place(buffers);
            AssertApart(buffers, length);
            Assert.True(length <= buffers.Sum(b => (b.Floats + 15L) / 16 * 16));
        }, iter: 2000);

    [Theory]
    [InlineData("fashion")]
    [InlineData("mlp")]
    [InlineData("residual")]
    [InlineData("depthwise-separable")]
    [InlineData("mixed")]
    [InlineData("conv1d")]
    [InlineData("sequence-mlp")]
    public void PoisoningWhateverIsDeadChangesNoBit(string name)
    {
        foreach (var trainBatchNorm in (bool[])[false, true])
        {
            var clean = Train(name, trainBatchNorm, float.NaN, poison: false);
            Assert.Equal(clean, Train(name, trainBatchNorm, float.NaN, poison: true));
            Assert.Equal(clean, Train(name, trainBatchNorm, 1e30f, poison: true));
            foreach (var recompute in (Recompute[])[Recompute.EveryPart, Recompute.Least])
            {
                Assert.Equal(clean, Train(name, trainBatchNorm, float.NaN, poison: false, recompute));
                Assert.Equal(clean, Train(name, trainBatchNorm, float.NaN, poison: true, recompute));
            }
        }
    }

    [Fact]
    public void AReluBehindBatchNormOrASumIsPartOfIt()
    {
        var (path, _, shape, _) = Reference.Open("residual");
        using var model = OnnxModel.Open(path);
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = shape[0] });
        var lossInput = LossInput.Of(graph, LossKind.CrossEntropy);
        var plan = Planner.ForTraining(graph, lossInput, _ => true);
        var producers = plan.Forward.Where(planned => planned.IsRectified).Select(planned => planned.Node.Operator.Type).ToArray();
        Assert.Contains("BatchNormalization", producers);
        Assert.Contains("Add", producers);
        Assert.Equal(graph.Nodes.Count(node => node.Operator.Type == "Relu") - producers.Length,
            plan.Forward.Count(planned => planned.Node.Operator.Type == "Relu"));
        TrainingSession.TrainStatistics(graph);
        Assert.DoesNotContain(Planner.ForTraining(graph, lossInput, _ => true).Forward,
            planned => planned is { IsRectified: true, Node.Operator: BatchNormalizationOperator });
    }

    [Theory]
    [InlineData("fashion")]
    [InlineData("residual")]
    [InlineData("depthwise-separable")]
    public void ComputingAgainTakesLessMemoryAndIsFoundForALimitBetween(string name)
    {
        var (path, _, shape, _) = name == "fashion" ? FashionBatch() : Reference.Open(name);
        using var model = OnnxModel.Open(path);
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = shape[0] });
        var lossInput = LossInput.Of(graph, LossKind.CrossEntropy);
        var whole = Planner.ForTraining(graph, lossInput, _ => true);
        var (_, least) = RecomputationSearch.Fit(graph, lossInput, _ => true, 0);
        Assert.True(least.ArenaFloats < whole.ArenaFloats, $"{least.ArenaFloats} of {whole.ArenaFloats}");
        var limit = (whole.ArenaFloats + least.ArenaFloats) / 2;
        var (_, between) = RecomputationSearch.Fit(graph, lossInput, _ => true, limit);
        Assert.True(between.ArenaFloats <= limit && between.RecomputedMultiplyAdds > 0);
        Assert.True(between.RecomputedMultiplyAdds <= least.RecomputedMultiplyAdds);
        Assert.Empty(RecomputationSearch.Fit(graph, lossInput, _ => true, whole.ArenaFloats).Recomputation.Cuts);
    }

    [Fact]
    public void PartsMayEndInFrontOfAReluThatIsPartOfAnotherNode()
    {
        var (path, _, shape, _) = Reference.Open("residual");
        using var model = OnnxModel.Open(path);
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = shape[0] });
        var lossInput = LossInput.Of(graph, LossKind.CrossEntropy);
        var whole = Planner.ForTraining(graph, lossInput, _ => true);
        var limit = whole.ArenaFloats * 7 / 10;
        var (recomputation, plan) = RecomputationSearch.Fit(graph, lossInput, _ => true, limit);
        Assert.True(plan.ArenaFloats <= limit, $"{plan.ArenaFloats} of {whole.ArenaFloats}");
        var fused = whole.Forward.Select(planned => planned.Index).ToHashSet();
        Assert.Contains(recomputation.Cuts, cut => !fused.Contains(cut));
    }

    enum Recompute
    {
        None,
        EveryPart,
        Least,
    }

    static Recomputation Cuts(Recompute recompute, Graph graph, Value lossInput, Func<Parameter, bool> wants) => recompute switch
    {
        Recompute.EveryPart => new([.. Enumerable.Range(1, graph.Nodes.Count / 3).Select(i => 3 * i)]),
        Recompute.Least => RecomputationSearch.Fit(graph, lossInput, wants, 0).Recomputation,
        _ => Recomputation.None,
    };

    /// <returns>Bits of the losses and of the tracked weights after selecting and frozen steps.</returns>
    static string Train(string name, bool trainBatchNorm, float garbage, bool poison, Recompute recompute = Recompute.None)
    {
        var (path, x, shape, labels) = name == "fashion" ? FashionBatch() : Reference.Open(name);
        using var model = OnnxModel.Open(path);
        var graph = GraphImporter.Import(model, new ImportOptions { Batch = shape[0] });
        if (trainBatchNorm) TrainingSession.TrainStatistics(graph);
        var lossInput = LossInput.Of(graph, LossKind.CrossEntropy);
        var trainable = TrainableParameters.Of(graph, lossInput, TrainingMode.DropBack);
        using var workers = new Workers(2);
        var recomputation = Cuts(recompute, graph, lossInput, p => trainable[p.Ordinal]);
        var plan = Planner.ForTraining(graph, lossInput, p => trainable[p.Ordinal], recomputation);
        AssertApart(plan.Buffers, plan.ArenaFloats);
        using var arena = new AlignedBuffer(plan.ArenaFloats);
        var setup = new TrainingSetup(graph, lossInput, trainable, arena, workers) { Clip = 1f, Seed = 1 };
        setup.Move(arena, recomputation);
        var tracked = new TrackedSet([.. graph.Parameters.Select(p => new TrackedTensor(p.Name, p.Count))], (int)(setup.TrainableCount / 10), 0);
        var poisoner = new Poisoner(arena, garbage, poison);
        var trainer = new Trainer<PoisonMeter>(setup, new Optimizer(OptimizerKind.Sgd, 0f), tracked, new PoisonMeter(poisoner));
        poisoner.Plan = () => trainer.Plan;

        var batch = new Batch(graph.Batch, lossInput.Shape.Count / graph.Batch);
        for (var i = 0; i < labels.Length; i++)
        {
            batch.Weights[i] = 1f;
            batch.Targets[i * batch.Outputs + labels[i]] = 1f;
        }
        var bits = new System.Text.StringBuilder();
        for (var step = 0; step < 5; step++)
        {
            if (step == 3) trainer.Freeze();
            var loss = trainer.Step(batch, 0.1f, step, (input, _) =>
            {
                poisoner.Everything();
                x.CopyTo(input);
            });
            Assert.True(double.IsFinite(loss), $"{name}: loss {loss} in step {step}");
            bits.Append(BitConverter.DoubleToInt64Bits(loss)).Append(' ');
        }
        foreach (var tensor in tracked.Tensors)
            for (var e = 0; e < tensor.Count; e++)
                bits.Append(tensor.Ordinal).Append(':').Append(tensor.IndexAt(e)).Append('=').Append(BitConverter.SingleToInt32Bits(tensor.Values[e])).Append(' ');
        Assert.True(tracked.Count > 0);
        return bits.ToString();
    }

    static (string, float[], int[], int[]) FashionBatch()
    {
        var (x, labels) = Training.Fashion.Batch(4);
        return (Training.Fashion.Model, x, [4, 1, 28, 28], labels);
    }

    static void AssertApart(IReadOnlyList<PlannedBuffer> buffers, long length)
    {
        var used = buffers.Where(b => b.IsUsed && b.Floats > 0).ToArray();
        for (var i = 0; i < used.Length; i++)
        {
            Assert.True(used[i].Offset >= 0 && used[i].Offset % 16 == 0 && used[i].Offset + used[i].Floats <= length, used[i].Name);
            for (var j = 0; j < i; j++)
            {
                if (used[i].From > used[j].To || used[j].From > used[i].To) continue;
                Assert.True(used[i].Offset + used[i].Floats <= used[j].Offset || used[j].Offset + used[j].Floats <= used[i].Offset,
                    $"{used[i].Name} and {used[j].Name} share floats");
            }
        }
    }
}
