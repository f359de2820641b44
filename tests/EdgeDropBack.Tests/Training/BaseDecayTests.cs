using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>Init decay: `edb train --init-decay`.</summary>
public sealed class BaseDecayTests
{
    [Fact]
    public void TheFactorIsTheRepeatedProductAndThenExactlyZero()
    {
        var weights = Made(new RegeneratedBase(1, 2, 0.5f, Distribution.Normal));
        var decay = new BaseDecay([weights], 0.9);
        var (expected, steps) = (1.0, 0);
        for (; decay.Factor > 0; steps++)
        {
            Assert.Equal(expected, decay.Factor);
            Assert.Equal(BaseKind.Regenerated, weights.Base.Kind);
            Assert.Equal(IndexedRandom.Value(new RegeneratedBase(1, 2, (float)(0.5f * expected), Distribution.Normal), 7), weights.Source()[7]);
            (expected, _) = (expected * 0.9, steps);
            decay.Advance();
        }
        Assert.True(expected < Math.Pow(2, -40) && expected / 0.9 >= Math.Pow(2, -40));
        Assert.Equal(BaseKind.Zero, weights.Base.Kind);
        Assert.Equal(0f, weights.Source()[7]);
        Assert.Equal(0, weights.Base.BytesPerElement);
    }

    [Fact]
    public void ConstantsDoNotFade()
    {
        var gamma = Made(new RegeneratedBase(0, 0, 1f, Distribution.Constant));
        var decay = new BaseDecay([gamma], 0.5);
        for (var i = 0; i < 100; i++) decay.Advance();
        Assert.Equal(0, decay.Factor);
        Assert.Equal(1f, gamma.Source()[3]);
    }

    [Fact]
    public void ATrainedBaseIsGoneAndTheStoreSaysSo()
    {
        using var folder = new TemporaryFolder();
        var options = Small(folder, 0.5);
        var result = Personalizer.Run(options);
        Assert.Equal(0, result.BaseFactor);
        Assert.True(double.IsFinite(result.Loss.Last));
        var store = SparseStore.Open(folder["s.edb"]);
        Assert.Equal(0.5, store.Meta.InitDecay);
        Assert.Equal(0, store.Meta.InitDecayFactor);
        Assert.All(store.Bases, b => Assert.Equal(TensorBaseKind.Zero, b.Kind));
        var again = SparseStore.Parse(store.ToBytes(), "again");
        Assert.Equal(store.Bases, again.Bases);

        Assert.Equal(result.Accuracy.After, Inference.Evaluate(options.Model, folder["s.edb"], options.Test!, null, null).Accuracy);
        StoreExport.Export(options.Model, folder["s.edb"], folder["plain.onnx"]);
        using var exported = OnnxModel.Open(folder["plain.onnx"]);
        var graph = GraphImporter.Import(exported, new ImportOptions());
        var kept = graph.Parameters.Sum(p => Enumerable.Range(0, p.Count).Count(i => p.Source()[i] != 0f));
        Assert.Equal(store.Tracked.Count, kept);
        Assert.Equal(result.Accuracy.After, Inference.Evaluate(folder["plain.onnx"], null, options.Test!, null, null).Accuracy);
    }

    [Fact]
    public void AHalfFadedBaseIsEvaluatedAsItStands()
    {
        using var folder = new TemporaryFolder();
        var options = Small(folder, 0.97);
        var result = Personalizer.Run(options);
        Assert.InRange(result.BaseFactor, 0.01, 0.9);
        Assert.Equal(result.BaseFactor, SparseStore.Open(folder["s.edb"]).Meta.InitDecayFactor);
        Assert.Equal(result.Accuracy.After, Inference.Evaluate(options.Model, folder["s.edb"], options.Test!, null, null).Accuracy);
    }

    [Theory]
    [InlineData("--init-decay")]
    [InlineData("--mode")]
    [InlineData("stores")]
    public void WhatCannotFadeIsRefused(string named)
    {
        using var folder = new TemporaryFolder();
        var options = Small(folder, named == "--init-decay" ? 1.5 : 0.9);
        if (named == "--mode") options = options with { Session = options.Session with { Mode = TrainingMode.Dense } };
        if (named == "stores") options = options with { Model = Fashion.Model };
        var refusal = Assert.Throws<EdbException>(() => Personalizer.Run(options));
        Assert.Equal(2, refusal.ExitCode);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void TheLensCountsNoAccessAndNoProductOfAZeroBase()
    {
        using var folder = new TemporaryFolder();
        ArchitectureTests.Write(folder, "mnist-100-100", new(3));
        using var session = TrainingSession.Open(folder["mnist-100-100.onnx"], new SessionOptions { Batch = 8, Threads = 1, Budget = Budget.Parse("1000") });
        var tracked = AlgorithmicLens.Spread(session.Graph, session.Setup.IsTrainable, 1000);
        var regenerated = AlgorithmicLens.Compare(session.Graph, session.LossInput, session.Setup.IsTrainable, tracked).Frozen;
        session.Setup.Decay.Set(0);
        var zero = AlgorithmicLens.Compare(session.Graph, session.LossInput, session.Setup.IsTrainable, tracked).Frozen;
        Assert.Equal(regenerated.Totals.Bytes, zero.Totals.Bytes);
        var weights = session.Graph.Parameters.Where(p => p.Role == ParameterRole.Weight).ToArray();
        var (all, kept) = (weights.Sum(p => 2L * 8 * p.Count), weights.Sum(p => 2L * 8 * tracked[p.Ordinal]));
        var (allBack, keptBack) = (weights.Skip(1).Sum(p => 2L * 8 * p.Count), weights.Skip(1).Sum(p => 2L * 8 * tracked[p.Ordinal]));
        Assert.Equal(all + allBack - kept - keptBack, regenerated.Operations - zero.Operations);
    }

    /// <summary>Sixty steps of 50 samples on a seeded network.</summary>
    internal static PersonalizeOptions Small(TemporaryFolder folder, double decay)
    {
        var model = folder["mnist-100-100.onnx"];
        if (!File.Exists(model)) ArchitectureTests.Write(folder, "mnist-100-100", new(3));
        return new()
        {
            Model = model,
            Data = Fashion.Part(folder["d.npz"], "user-train.npz", 0, 1),
            Test = Fashion.Part(folder["t.npz"], "user-test.npz", 0, 10),
            Session = new() { Batch = 50, Budget = Budget.Parse("2000"), Clip = 0, Threads = 1, InitDecay = decay },
            Rate = 0.1f,
            Epochs = 6,
            CheckpointEvery = 7,
            Score = ScoreMode.Global,
            Freeze = FreezePolicy.Parse("3e"),
            Store = folder["s.edb"],
            AcceptIf = AcceptRule.Parse(""),
        };
    }

    static Parameter Made(RegeneratedBase origin) => new(0, "w", new Shape(100), new RegeneratedParameterBase(origin));
}
