using EdgeDropBack.Data;
using EdgeDropBack.Store;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>The library for people with their own loop: Step, Evaluate, WriteTracked, ReadTracked, Export.</summary>
public sealed class TrainingSessionTests
{
    static readonly SessionOptions s_options = new() { Batch = 8, Budget = Budget.Parse("1%"), Threads = 1 };

    [Fact]
    public void StepsLowerTheLossAndNothingButTheBudgetIsStored()
    {
        using var folder = new TemporaryFolder();
        using var session = TrainingSession.Open(Fashion.Model, s_options);
        var (x, labels) = Fashion.Batch(8);
        var losses = Enumerable.Range(0, 30).Select(_ => session.Step(x, labels, 0.2f)).ToArray();
        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]} to {losses[^1]}");
        Assert.Equal(session.BudgetCount, session.Trainer.Tracked!.Count);
        var hash = session.WriteTracked(folder["user.edb"]);
        Assert.Equal(hash, StoreFolder.Sha256(folder["user.edb"]));
        Assert.InRange(new FileInfo(folder["user.edb"]).Length, 6L * session.BudgetCount, 6L * session.BudgetCount + 8192);
    }

    [SkippableFact]
    public void TheModelThatIsOpenIsNeverWrittenOver()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        using var folder = new TemporaryFolder();
        File.Copy(Fashion.Model, folder["model.onnx"]);
        File.CreateSymbolicLink(folder["link.onnx"], "model.onnx");
        File.CreateSymbolicLink(folder["temporary.edb.tmp"], "model.onnx");
        using var session = TrainingSession.Open(folder["link.onnx"], s_options);
        foreach (var output in (string[])["model.onnx", "link.onnx", "./model.onnx", "temporary", "none/out"])
        {
            Assert.Equal(2, Assert.Throws<EdbException>(() => session.Export(folder[output])).ExitCode);
            Assert.Equal(2, Assert.Throws<EdbException>(() => session.WriteTracked(folder[output])).ExitCode);
        }
        Assert.Equal(File.ReadAllBytes(Fashion.Model), File.ReadAllBytes(folder["model.onnx"]));
        Assert.Equal(3, Directory.GetFileSystemEntries(folder.Path).Length);
        session.Export(folder["mine.onnx"]);
        session.Export(folder["mine.onnx"]);
    }

    [Theory]
    [InlineData(OptimizerKind.Sgd, 0f)]
    [InlineData(OptimizerKind.Sgd, 0.9f)]
    [InlineData(OptimizerKind.Adam, 0f)]
    public void WhatWasWrittenGoesOnAsIfNothingHadHappened(OptimizerKind optimizer, float momentum)
    {
        using var folder = new TemporaryFolder();
        var options = s_options with { Optimizer = optimizer, Momentum = momentum };
        using var whole = TrainingSession.Open(Fashion.Model, options);
        using var second = TrainingSession.Open(Fashion.Model, options);
        Steps(whole, 0, 4);
        whole.WriteTracked(folder["middle.edb"]);
        second.ReadTracked(folder["middle.edb"]);
        Assert.Equal(StoreFolder.Sha256(folder["middle.edb"]), second.WriteTracked(folder["same.edb"]));
        Steps(whole, 4, 4);
        Steps(second, 4, 4);
        Assert.Equal(whole.WriteTracked(folder["a.edb"]), second.WriteTracked(folder["b.edb"]));
    }

    [Fact]
    public void FreezingBeforeAnythingIsTrackedLeavesAModelThatStillSteps()
    {
        using var session = TrainingSession.Open(Fashion.Model, s_options);
        var (x, labels) = Fashion.Batch(8);
        session.Freeze();
        Assert.Equal(session.Step(x, labels, 0.2f), session.Step(x, labels, 0.2f));
        Assert.Equal(0, session.Trainer.Tracked!.Count);
    }

    [Fact]
    public void AModeOfFixedWeightsDoesNotGoOnFromOtherWeights()
    {
        using var folder = new TemporaryFolder();
        using var session = TrainingSession.Open(Fashion.Model, s_options);
        using var last = TrainingSession.Open(Fashion.Model, s_options with { Mode = TrainingMode.LastLayer });
        Steps(session, 0, 2);
        Steps(last, 0, 2);
        var hash = last.WriteTracked(folder["last.edb"]);
        last.ReadTracked(folder["last.edb"]);
        Assert.Equal(hash, last.WriteTracked(folder["again.edb"]));
        session.WriteTracked(folder["user.edb"]);
        var usage = Assert.Throws<EdbException>(() => last.ReadTracked(folder["user.edb"]));
        Assert.Contains("last-layer", usage.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EvaluatingChangesNothing(bool trainBatchNorm)
    {
        using var folder = new TemporaryFolder();
        using var plain = TrainingSession.Open(Fashion.Model, s_options with { TrainBatchNorm = trainBatchNorm, Momentum = 0.5f });
        using var evaluated = TrainingSession.Open(Fashion.Model, s_options with { TrainBatchNorm = trainBatchNorm, Momentum = 0.5f });
        var data = DatasetLoader.Open(Fashion.Part(folder["test.npz"], "user-test.npz", 0, 20), DataPreparation.Options(evaluated,
            DataPreparation.Preprocessing(Fashion.Model, new()), null));
        for (var step = 0; step < 6; step++)
        {
            if (step == 3)
            {
                plain.Freeze();
                evaluated.Freeze();
            }
            Steps(plain, step, 1);
            var before = evaluated.Evaluate(data);
            var hash = evaluated.WriteTracked(folder["before.edb"]);
            Assert.Equal(before.Loss, evaluated.Evaluate(data).Loss);
            Assert.Equal(hash, evaluated.WriteTracked(folder["after.edb"]));
            Steps(evaluated, step, 1);
        }
        Assert.Equal(plain.WriteTracked(folder["plain.edb"]), evaluated.WriteTracked(folder["evaluated.edb"]));
        Assert.Equal(data.Count, plain.Evaluate(data).Samples);
        Assert.Equal(data.Count, plain.Evaluate(data).Confusion!.Cast<int>().Sum());
    }

    [Fact]
    public void ExportedAndOpenedAgainItAnswersTheSame()
    {
        using var folder = new TemporaryFolder();
        using var session = TrainingSession.Open(Fashion.Model, s_options);
        Steps(session, 0, 5);
        session.Export(folder["mine.onnx"]);
        using var again = TrainingSession.Open(folder["mine.onnx"], s_options);
        var (x, _) = Fashion.Batch(20);
        Assert.Equal(Logits.Of(session, x), Logits.Of(again, x));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedByName()
    {
        using var session = TrainingSession.Open(Fashion.Model, s_options);
        var (x, labels) = Fashion.Batch(8);
        Refused("x has", () => session.Step(x.AsSpan(1), labels, 0.1f));
        Refused("7 labels", () => session.Step(x, labels.AsSpan(1), 0.1f));
        labels[3] = 10;
        Refused("label 10 of sample 3", () => session.Step(x, labels, 0.1f));
        labels[3] = -1;
        Refused("label -1 of sample 3", () => session.Step(x, labels, 0.1f));
        Assert.Equal(0, session.Trainer.Tracked!.Count);
    }

    [Fact]
    public void ALossThatIsNotFiniteChangesNothing()
    {
        using var folder = new TemporaryFolder();
        using var session = TrainingSession.Open(Fashion.Model, s_options with { TrainBatchNorm = true });
        Steps(session, 0, 3);
        var before = session.WriteTracked(folder["before.edb"]);
        var (x, labels) = Fashion.Batch(8);
        x[100] = float.NaN;
        var failure = Assert.Throws<EdbException>(() => session.Step(x, labels, 0.1f));
        Assert.Equal(1, failure.ExitCode);
        Assert.Contains("step 3", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, session.WriteTracked(folder["after.edb"]));
    }

    [Fact]
    public void TheTrainingSessionOfOnnxRuntimeNoLongerWorks()
    {
        var failure = Record.Exception(() =>
        {
            using var state = Microsoft.ML.OnnxRuntime.CheckpointState.LoadCheckpoint("none");
        });
        Assert.NotNull(failure);
    }

    static void Steps(TrainingSession session, int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            var (x, labels) = Fashion.Batch(8, step * 8);
            session.Step(x, labels, 0.1f);
        }
    }

    static void Refused(string part, Action action)
    {
        var refusal = Assert.Throws<EdbException>(action);
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }
}
