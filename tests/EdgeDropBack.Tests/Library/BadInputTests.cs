using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>What cannot be used is refused in one line that names it and the way out, before anything is written.</summary>
public sealed class BadInputTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0")]
    [InlineData("0%")]
    [InlineData("-3")]
    [InlineData("101%")]
    [InlineData("1.5")]
    [InlineData("NaN")]
    [InlineData("much")]
    public void ABudgetThatIsNoneIsWrongUsage(string text)
    {
        var usage = Assert.Throws<EdbException>(() => Budget.Parse(text));
        Assert.Equal(2, usage.ExitCode);
        Assert.Contains("--budget", usage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABudgetAboveTheNumberOfWeightsIsWrongUsage()
        => Fails(2, o => o with { Session = o.Session with { Budget = Budget.Parse("116443") } }, "116443", "116442");

    [Fact]
    public void ALabelOutOfRangeIsRefused()
    {
        var (x, y) = Fashion.Read("user-train.npz");
        y[7] = 10;
        Fails(3, o => o with { Data = Fashion.Write(_folder["bad.npz"], x, y) }, "bad.npz", "10");
    }

    [Fact]
    public void SamplesWithNaNAreSkippedAndCounted()
    {
        var x = Floats(40, i => i == 5 * Fashion.Pixels + 3 ? float.NaN : i == 9 * Fashion.Pixels ? float.PositiveInfinity : 0.5f);
        var options = Fashion.Small(_folder) with { Data = Write("nan.npz", x, 40), Replay = null };
        var result = Personalizer.Run(options);
        Assert.Equal(2, result.Skipped.Count);
        Assert.Contains(result.Skipped, s => s.Contains("NaN", StringComparison.Ordinal));
    }

    [Fact]
    public void NothingButNaNIsRefused()
        => Fails(3, o => o with { Data = Write("nan.npz", Floats(12, _ => float.NaN), 12) }, "nan.npz", "NaN");

    [Fact]
    public void AnEmptyFolderIsRefused()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Fails(3, o => o with { Data = _folder["empty"] }, "empty");
    }

    [Fact]
    public void MissingDataIsRefused() => Fails(3, o => o with { Data = _folder["nothing.npz"] }, "nothing.npz");

    [Fact]
    public void AMissingModelIsRefused() => Fails(3, o => o with { Model = _folder["nothing.onnx"] }, "nothing.onnx");

    [Fact]
    public void AFileThatIsNoModelIsRefused()
    {
        File.WriteAllText(_folder["text.onnx"], "this is not a model");
        Fails(3, o => o with { Model = _folder["text.onnx"] }, "text.onnx");
    }

    [Fact]
    public void AModelCutShortIsRefused()
    {
        File.WriteAllBytes(_folder["cut.onnx"], File.ReadAllBytes(Fashion.Model)[..200000]);
        Fails(3, o => o with { Model = _folder["cut.onnx"] }, "cut.onnx");
    }

    [Fact]
    public void AStoreOfAnotherModelIsRefused()
    {
        var (model, _, shape, _) = Reference.Open("mlp");
        using (var session = TrainingSession.Open(model, new() { Batch = shape[0], Threads = 1 })) session.WriteTracked(_folder["other.edb"]);
        Fails(3, o => o with { From = _folder["other.edb"] }, "other.edb", "another");
        var refusal = Assert.Throws<EdbException>(() => Inference.Open(Fashion.Model, _folder["other.edb"], null));
        Assert.Equal(3, refusal.ExitCode);
    }

    [Fact]
    public void AStoreOfALargerModelIsRefusedByModelAndNotByBudget()
    {
        using (var session = TrainingSession.Open(Fashion.Model, new() { Batch = 1, Threads = 1, Budget = Budget.Parse("3000") }))
        {
            var x = new float[28 * 28];
            Array.Fill(x, 0.5f);
            session.Step(x, [3], 0.1f);
            session.WriteTracked(_folder["larger.edb"]);
        }
        var refusal = Assert.Throws<EdbException>(() => Inference.Open(Reference.Open("mlp").Item1, _folder["larger.edb"], null));
        Assert.Equal(3, refusal.ExitCode);
        Assert.Contains("larger.edb", refusal.Message);
    }

    [Fact]
    public void ADamagedStoreIsRefused()
    {
        File.WriteAllBytes(_folder["damaged.edb"], [1, 2, 3]);
        Fails(3, o => o with { From = _folder["damaged.edb"] }, "damaged.edb");
    }

    [Fact]
    public void AStoreFolderThatIsNotThereIsRefused()
        => Fails(2, o => o with { Store = Path.Combine(_folder["none"], "user.edb") }, "none", "create it");

    [SkippableFact]
    public void AStoreFolderWithoutPermissionIsRefused()
    {
        Skip.If(Environment.UserName == "root" || OperatingSystem.IsWindows(), "root may write everywhere");
        var locked = Directory.CreateDirectory(_folder["locked"]);
#pragma warning disable CA1416 // Windows was skipped above, which the analyzer cannot see.
        locked.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        Fails(1, o => o with { Store = Path.Combine(locked.FullName, "user.edb") }, "locked", "permission");
        locked.UnixFileMode |= UnixFileMode.UserWrite;
#pragma warning restore CA1416
    }

    [Fact]
    public void AnUnknownProfileIsRefused() => Fails(null, o => o with { Profile = "toaster" }, "toaster");

    [Fact]
    public void AMemoryLimitBelowTheLeastNamesTheLeast()
        => Fails(2, o => o with { MemoryLimit = 1 << 20 }, "--memory-limit", "--batch", "the least");

    [Fact]
    public void AMicroBatchNeedsWeightsThatAreFrozenFromTheStart()
    {
        Fails(2, o => o with { Session = o.Session with { MicroBatch = 4 } }, "--micro-batch", "--select once");
        Fails(2, o => o with { Select = SelectMode.Once, Session = o.Session with { MicroBatch = 9 } }, "micro-batch is 9");
        Fails(2, o => o with { Select = SelectMode.Once, Session = o.Session with { MicroBatch = 4, TrainBatchNorm = true } }, "--bn train");
    }

    public static TheoryData<string, string[]> Graphs => new()
    {
        { "cycle", ["b"] },
        { "missing initializer", ["nowhere"] },
        { "unknown operator", ["Hocus", "replace"] },
        { "shape mismatch", ["9"] },
        { "no weights", ["--mode", "no weights"] },
        { "two inputs", ["2 inputs"] },
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void AGraphThatCannotBeTrainedIsRefused(string problem, string[] parts)
    {
        var b = new OnnxBuilder("bad");
        b.Input("x", OnnxDataType.Float, "N", 1, 28, 28).Output("y", OnnxDataType.Float, "N", 10);
        b.Initializer("w", new float[7840], 784, 10);
        b.Node("Flatten", ["x"], ["f"], "flatten");
        switch (problem)
        {
            case "cycle":
                b.Node("Add", ["f", "b"], ["a"], "first");
                b.Node("Relu", ["a"], ["b"], "second");
                b.Node("MatMul", ["b", "w"], ["y"], "last");
                break;
            case "missing initializer":
                b.Node("MatMul", ["f", "nowhere"], ["y"], "last");
                break;
            case "unknown operator":
                b.Node("Hocus", ["f"], ["h"], "pocus");
                b.Node("MatMul", ["h", "w"], ["y"], "last");
                break;
            case "shape mismatch":
                b.Initializer("v", new float[90], 9, 10);
                b.Node("MatMul", ["f", "v"], ["y"], "last");
                break;
            case "no weights":
                b.Node("Relu", ["f"], ["y"], "last");
                break;
            default:
                b.Input("x2", OnnxDataType.Float, "N", 784);
                b.Node("Add", ["f", "x2"], ["s"]);
                b.Node("MatMul", ["s", "w"], ["y"], "last");
                break;
        }
        b.Write(_folder["bad.onnx"]);
        Fails(3, o => o with { Model = _folder["bad.onnx"] }, parts);
    }

    /// <summary>Runs the small example with one thing wrong.</summary>
    void Fails(int? exitCode, Func<PersonalizeOptions, PersonalizeOptions> wrong, params string[] parts)
    {
        var options = wrong(Fashion.Small(_folder));
        var before = StoreFolder.Listing(_folder.Path);
        var refusal = Assert.Throws<EdbException>(() => Personalizer.Run(options));
        if (exitCode is { } code) Assert.True(code == refusal.ExitCode, $"exit code {refusal.ExitCode}: {refusal.Message}");
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        foreach (var part in parts) Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, StoreFolder.Listing(_folder.Path));
    }

    string Write(string name, float[] x, int count)
    {
        long[] y = [.. Enumerable.Range(0, count).Select(i => i % 10L)];
        NpzWriter.Write(_folder[name], [("x", NpyArray.From(x, count, 1, 28, 28)), ("y", NpyArray.From(y, count))]);
        return _folder[name];
    }

    static float[] Floats(int count, Func<int, float> value) => [.. Enumerable.Range(0, count * Fashion.Pixels).Select(value)];
}
