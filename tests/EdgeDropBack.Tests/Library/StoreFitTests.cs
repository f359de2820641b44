using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>A store goes into a session only where its weights mean the same: both ways round, for the library as for the command line.</summary>
public sealed class StoreFitTests : IDisposable
{
    static readonly SessionOptions s_own = new() { Batch = 4, Threads = 1, Budget = Budget.Parse("50%") };

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Where a store was written, where it is read, and what the refusal says.</summary>
    public static TheoryData<string, string, string[]> Misfits => new()
    {
        { "own head", "new head", ["weights of the model file in the store", "leave --new-head", "NewHeadClasses"] },
        { "new head", "own head", ["from seed 1 in the store", "give --new-head for 4 classes and --seed 1", "SessionOptions.NewHeadClasses"] },
        { "new head", "new head of 3", ["40 weights from seed 1 in the store, 30", "--new-head for 4 classes"] },
        { "new head", "new head of seed 2", ["from seed 1 in the store", "from seed 2 here", "--seed 1"] },
        { "own head", "new head of 3", ["leave --new-head"] },
        { "trained statistics", "own head", ["statistics of batch norms", "--bn train", "SessionOptions.TrainBatchNorm"] },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void AStoreOfOtherWeightsIsRefusedAndTheSessionStaysAsItWas(string written, string read, string[] parts)
    {
        Write(written, _folder["user.edb"]);
        using var session = Open(read);
        var before = Outputs(session);
        var refusal = Assert.Throws<EdbException>(() => session.ReadTracked(_folder["user.edb"]));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("user.edb", refusal.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
        Assert.Equal(before, Outputs(session));
        Assert.Equal(0, session.TrackedCount);
    }

    [Theory]
    [InlineData("own head")]
    [InlineData("new head")]
    [InlineData("new head of 3")]
    [InlineData("new head of seed 2")]
    [InlineData("trained statistics")]
    public void AStoreIsReadIntoASessionLikeItsOwnAndIntoTheOneThatItDescribes(string kind)
    {
        var expected = Write(kind, _folder["user.edb"]);
        using (var session = Open(kind))
        {
            session.ReadTracked(_folder["user.edb"]);
            Assert.Equal(expected, Outputs(session));
        }
        using var described = Inference.Open(Model, _folder["user.edb"], null, batch: 4, threads: 1);
        Assert.Equal(expected, Outputs(described));
    }

    [Fact]
    public void AStoreOfAnotherModelIsRefused()
    {
        Write("own head", _folder["user.edb"]);
        var other = HeadsModel.Write(_folder["other.onnx"], "three heads");
        using var session = TrainingSession.Open(other, s_own);
        Assert.Contains("belongs to model", Assert.Throws<EdbException>(() => session.ReadTracked(_folder["user.edb"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStoreOfWeightsFromAnotherSeedIsRefused()
    {
        var model = ArchitectureTests.Write(_folder, "mnist-100-100", new(3));
        using (var written = TrainingSession.Open(model, s_own with { BaseSeed = 9 })) written.WriteTracked(_folder["user.edb"]);
        using var session = TrainingSession.Open(model, s_own);
        var refusal = Assert.Throws<EdbException>(() => session.ReadTracked(_folder["user.edb"]));
        Assert.Contains("from seed 9 in the store", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--seed 9 (SessionOptions.BaseSeed)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GoingOnFromAStoreTakesItsHeadAndRefusesDataOfOtherClassesBeforeAnyWork()
    {
        Write("new head of 3", _folder["user.edb"]);
        var refusal = Assert.Throws<EdbException>(() => Personalizer.Run(new()
        {
            Model = Model,
            Data = HeadsModel.Data(_folder["data.npz"]),
            From = _folder["user.edb"],
            Store = _folder["mine.edb"],
            Session = s_own with { Batch = 16 },
            Rate = 0.1f,
        }));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("data.npz: sample 3", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["mine.edb"]));
    }

    string Model
    {
        get
        {
            var path = _folder["norm.onnx"];
            if (File.Exists(path)) return path;
            var b = new OnnxBuilder();
            b.Input("x", OnnxDataType.Float, "N", 6);
            b.Initializer("w0", HeadsModel.Numbers("w0", 60), 6, 10);
            foreach (var (name, value) in (ReadOnlySpan<(string, float)>)[("scale", 1f), ("shift", 0f), ("mean", 0.1f), ("variance", 1.1f)])
                b.Initializer(name, Enumerable.Repeat(value, 10).ToArray(), 10);
            b.Initializer("w", HeadsModel.Numbers("w", 40), 10, 4);
            b.Node("MatMul", ["x", "w0"], ["g"]);
            b.Node("BatchNormalization", ["g", "scale", "shift", "mean", "variance"], ["n"]);
            b.Node("Relu", ["n"], ["h"]);
            b.Node("MatMul", ["h", "w"], ["y"]);
            b.Output("y", OnnxDataType.Float, "N", 4);
            b.Write(path);
            return path;
        }
    }

    TrainingSession Open(string kind) => TrainingSession.Open(Model, kind switch
    {
        "own head" => s_own,
        "new head" => s_own with { NewHeadClasses = 4 },
        "new head of 3" => s_own with { NewHeadClasses = 3 },
        "new head of seed 2" => s_own with { NewHeadClasses = 4, Seed = 2 },
        "trained statistics" => s_own with { TrainBatchNorm = true },
        _ => throw new ArgumentException(kind),
    });

    /// <returns>The outputs of the session that was written.</returns>
    float[] Write(string kind, string store)
    {
        using var session = Open(kind);
        var x = HeadsModel.Numbers("steps", 4 * 6);
        for (var step = 0; step < 3; step++) session.Step(x, [0, 1, 2, 0], 0.1f);
        session.WriteTracked(store);
        return Outputs(session);
    }

    static float[] Outputs(TrainingSession session)
    {
        var outputs = new float[4 * session.Outputs];
        session.Predict(HeadsModel.Numbers("sample", 4 * 6), outputs);
        return outputs;
    }
}
