using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>What counts as a right answer: one label, several labels, yes or no.</summary>
public sealed class AnswerTallyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TenClassesThatNeverFireAreRightWhereTheHighestIsTheLabel()
    {
        var x = Filled(10, 10, -5f);
        for (var s = 0; s < 3; s++) x[s * 10 + s] = -1f;
        var e = Evaluate(x, Eye(10), 10);
        Assert.Equal((AnswerKind.SingleLabel, 0.3), (e.Kind, e.Accuracy));
        Assert.Equal(3, e.Confusion!.Cast<int>().Where((_, i) => i % 11 == 0).Sum());
        Assert.All(e.Classes!, c => Assert.Equal((1.0, 0.0), (c.FalseRejectRate, c.FalseAcceptRate)));
        Assert.Null(e.MacroF1);
    }

    [Fact]
    public void IntegerLabelsAreASingleLabelEach()
    {
        using var session = TrainingSession.Open(Passes(3), Options(2));
        var e = session.Evaluate([0f, 2f, 1f, -3f, -2f, -1f], [1, 0]);
        Assert.Equal((AnswerKind.SingleLabel, 0.5), (e.Kind, e.Accuracy));
        Assert.Equal(1, e.Confusion![0, 2]);
    }

    [Fact]
    public void EqualOutputsCountAsTheFirst()
    {
        var e = Evaluate([1f, 1f, 1f, 1f], [1f, 0f, 0f, 1f], 2);
        Assert.Equal(0.5, e.Accuracy);
        Assert.Equal((1, 1), (e.Confusion![0, 0], e.Confusion[1, 0]));
    }

    [Fact]
    public void SeveralLabelsAreRightWhereAllOutputsAre()
    {
        // Class 0: TP 2, FP 0, FN 0. Class 1: TP 1, FP 1, FN 1. Class 2 has no positive sample and is never predicted.
        float[] targets = [1, 1, 0, /**/ 1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 0];
        float[] outputs = [3, 3, -3, /**/ 3, 3, -3, /**/ -3, -3, -3, /**/ -3, -3, -3];
        var e = Evaluate(outputs, targets, 3);
        Assert.Equal((AnswerKind.MultiLabel, 0.5), (e.Kind, e.Accuracy));
        Assert.Equal((1.0 + 0.5) / 2, e.MacroF1);
        Assert.Null(e.Confusion);
        Assert.Equal(new ClassCounts(1, 1, 1, 1), e.Classes![1]);
        Assert.Null(e.Classes[2].F1);
    }

    [Fact]
    public void AClassThatIsPredictedWithoutAPositiveSampleCountsAsZero()
    {
        var e = Evaluate([3f, 3f, 3f, -3f], [1f, 0f, 0f, 0f], 2);
        Assert.Equal(new ClassCounts(1, 1, 0, 0), e.Classes![0]);
        Assert.Equal((2.0 / 3 + 0) / 2, e.MacroF1!.Value, 12);
    }

    [Fact]
    public void ASampleWithoutALabelMakesTheDataMultiLabel()
        => Assert.Equal(AnswerKind.MultiLabel, Evaluate([3f, -3f, -3f, -3f], [1f, 0f, 0f, 0f], 2).Kind);

    [Fact]
    public void NothingButNegativesHasNoMacroF1()
    {
        var e = Evaluate([-3f, -3f, -3f, -3f], [0f, 0f, 0f, 0f], 2);
        Assert.Equal((1.0, null), (e.Accuracy, e.MacroF1));
    }

    [Fact]
    public void OneOutputHasFalseRejectsAndFalseAccepts()
    {
        // A logit of 0 is the threshold itself, which is negative.
        var e = Evaluate([2f, 0f, -1f, -2f, 1f], [1f, 1f, 1f, 0f, 0f], 1);
        Assert.Equal((AnswerKind.Binary, 0.4), (e.Kind, e.Accuracy));
        Assert.Equal((2.0 / 3, 0.5), (e.FalseRejectRate, e.FalseAcceptRate));
        Assert.Equal((1, 1, 2, 1), (e.Confusion![0, 0], e.Confusion[0, 1], e.Confusion[1, 0], e.Confusion[1, 1]));
    }

    [Fact]
    public void RatesOfASideWithoutSamplesAreNull()
    {
        var e = Evaluate([2f, -2f], [1f, 1f], 1);
        Assert.Equal((0.5, (double?)null), (e.FalseRejectRate, e.FalseAcceptRate));
    }

    [Fact]
    public void OutputsThatAreNoNumbersAreWrong()
    {
        Assert.Equal(0.5, Evaluate([float.NaN, 1f, 3f, -3f], [1f, 0f, 1f, 0f], 2).Accuracy);
        Assert.Equal(0.5, Evaluate([float.NaN, -1f], [0f, 0f], 1).Accuracy);
        var several = Evaluate([float.NaN, -1f, 1f, 1f], [0f, 0f, 1f, 1f], 2);
        Assert.Equal(0.5, several.Accuracy);
        Assert.Equal(1, several.Classes![0].FalsePositives);
    }

    [Theory]
    [InlineData(LossKind.CrossEntropy, AnswerKind.SingleLabel)]
    [InlineData(LossKind.MeanSquaredError, null)]
    public void OtherLossesAreAsTheyWere(LossKind loss, AnswerKind? kind)
    {
        using var session = TrainingSession.Open(Passes(3), Options(2) with { Loss = loss });
        var e = session.Evaluate([0f, 2f, 1f, -3f, -2f, -1f], [1, 0]);
        Assert.Equal((kind, kind is null ? (double?)null : 0.5), (e.Kind, e.Accuracy));
        Assert.Null(e.Classes);
    }

    [Fact]
    public void AModelThatEndsInASigmoidIsJudgedByTheSameThreshold()
    {
        using var session = TrainingSession.Open(Passes(1, "Sigmoid"), Options(4));
        var e = session.Evaluate([0.1f, -0.1f, 4f, -4f], [1, 1, 1, 0]);
        Assert.Equal((0.75, 1.0 / 3, 0.0), (e.Accuracy, e.FalseRejectRate, e.FalseAcceptRate));
    }

    [Fact]
    public void StepsTowardsALabelOfOneOutputRaiseIt()
    {
        using var session = TrainingSession.Open(Passes(1), Options(2));
        for (var step = 0; step < 5; step++) session.Step([1f, 1f], [1, 1], 0.5f);
        var y = new float[2];
        session.Predict([1f, 1f], y);
        Assert.True(y[0] > 1f, $"{y[0]}");
    }

    [Fact]
    public void AStoreIsNotKeptForElementsThatWereRightAnyhow()
    {
        // Every output falls below its threshold, so that 90% of the elements are right, and the highest is no longer the label.
        const int Samples = 40;
        var (x, y) = (Filled(Samples, 10, -1f), new float[Samples * 10]);
        for (var s = 0; s < Samples; s++) (x[s * 10 + s % 10], y[s * 10 + s % 10], y[s * 10 + (s + 1) % 10]) = (1f, 0.4f, 0.6f);
        NpzWriter.Write(_folder["data.npz"], [("x", NpyArray.From(x, Samples, 10)), ("y", NpyArray.From(y, Samples, 10))]);
        for (var s = 0; s < Samples; s++) (y[s * 10 + s % 10], y[s * 10 + (s + 1) % 10]) = (1f, 0f);
        NpzWriter.Write(_folder["test.npz"], [("x", NpyArray.From(x, Samples, 10)), ("y", NpyArray.From(y, Samples, 10))]);
        var result = Personalizer.Run(new()
        {
            Model = Passes(10),
            Data = _folder["data.npz"],
            Test = _folder["test.npz"],
            Store = _folder["user.edb"],
            Session = Options(10) with { Budget = Budget.Parse("100%") },
            Rate = 1f,
            Epochs = 60,
            AcceptIf = AcceptRule.Parse("user>=+0.0"),
        });
        Assert.Equal((1.0, AnswerKind.SingleLabel), (result.Accuracy.Before, result.Accuracy.Kind));
        Assert.True(result.Accuracy.After < 0.5, $"{result.Accuracy.After}");
        Assert.False(result.Accepted);
    }

    static SessionOptions Options(int batch) => new() { Batch = batch, Threads = 1, Loss = LossKind.BinaryCrossEntropy, Budget = Budget.Parse("100%") };

    /// <summary>The model's outputs are the samples.</summary>
    Evaluation Evaluate(float[] outputs, float[] targets, int width)
    {
        var tally = new AnswerTally(new GivenTargets(targets, width), LossKind.BinaryCrossEntropy, width);
        for (var s = 0; s < outputs.Length / width; s++) tally.Add(outputs.AsSpan(s * width, width), targets.AsSpan(s * width, width));
        return tally.ToEvaluation(outputs.Length / width, 0);
    }

    /// <summary>A MatMul by the unit matrix, and what comes behind it.</summary>
    string Passes(int width, string? activation = null)
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", width);
        b.Initializer("w", Eye(width), width, width);
        b.Initializer("b", new float[width], width);
        b.Node("Gemm", ["x", "w", "b"], ["y"]);
        if (activation is not null) b.Node(activation, ["y"], ["z"]);
        b.Output(activation is null ? "y" : "z", OnnxDataType.Float, "N", width);
        b.Write(_folder["passes.onnx"]);
        return _folder["passes.onnx"];
    }

    static float[] Eye(int size) => [.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1f : 0f)];

    static float[] Filled(int rows, int width, float value) => [.. Enumerable.Repeat(value, rows * width)];

    sealed class GivenTargets : Dataset
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public GivenTargets(float[] targets, int width)
            => (Name, Count, SampleShape, SampleLength, Targets, TargetLength) = ("given", targets.Length / width, [width], width, targets, width);

        public override long ResidentBytes => 0;

        public override void CopySample(int index, Span<float> destination) => throw new NotSupportedException();
    }
}
