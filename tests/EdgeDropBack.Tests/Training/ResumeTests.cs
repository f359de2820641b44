using EdgeDropBack.Data;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>A run that was cut off anywhere and resumed ends in the same store, bit for bit.</summary>
public sealed class ResumeTests
{
    public static TheoryData<string> All => [.. Variants.Names, "auto", "dense momentum", "dense adam"];

    [Theory]
    [MemberData(nameof(All))]
    public void CancelledTwiceAndResumedGivesTheSameStore(string variant)
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), variant);
        var ticks = 0;
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"], Progress = _ => ticks++ });
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var resumed = options with { Store = folder[$"{attempt}.edb"], Resume = true };
            for (var cut = 0; cut < 2; cut++)
            {
                var after = 1 + (int)(SampleOrder.Hash(7, (ulong)(attempt * 10 + cut)) % (ulong)ticks);
                Cancel(resumed, after);
            }
            var result = Personalizer.Run(resumed);
            Assert.Equal(expected.Store.Sha256, result.Store.Sha256);
            Assert.Equal(expected.Loss.Last, result.Loss.Last);
            Assert.Equal(expected.FrozenAt, result.FrozenAt);
            Assert.False(File.Exists(folder[$"{attempt}.edb.checkpoint"]));
        }
    }

    [Fact]
    public void TwentyPlacesToCancelInARunWithARateSearch()
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), "auto");
        var ticks = 0;
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"], Progress = _ => ticks++ }).Store.Sha256;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var resumed = options with { Store = folder["cut.edb"], Resume = true };
            Cancel(resumed, 1 + (int)(SampleOrder.Hash(8, (ulong)attempt) % (ulong)ticks));
            Assert.Equal(expected, Personalizer.Run(resumed).Store.Sha256);
        }
    }

    [Theory]
    [InlineData("exact layer")]
    [InlineData("auto")]
    [InlineData("patience")]
    public void WhateverLiesOnTheDiskAtAnyMomentCanBeResumed(string variant)
    {
        using var folder = new TemporaryFolder();
        using var states = new TemporaryFolder();
        using var stores = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), variant) with { Store = stores["user.edb"] };
        var tick = 0;
        var expected = Personalizer.Run(options with
        {
            Progress = _ =>
            {
                if (tick++ % 5 == 2) StoreFolder.Copy(stores.Path, states[$"{tick}"]);
            },
        }).Store.Sha256;
        Assert.NotEmpty(Directory.GetDirectories(states.Path));
        foreach (var state in Directory.GetDirectories(states.Path))
            Assert.Equal(expected, Personalizer.Run(options with { Store = Path.Combine(state, "user.edb"), Resume = true }).Store.Sha256);
    }

    [Fact]
    public void AModelWhoseNamesAreTooLongForTheStoreIsResumedToo()
    {
        using var folder = new TemporaryFolder();
        var (w, b) = (new string('w', 2000), new string('b', 2000));
        var model = new OnnxBuilder("long");
        model.Input("x", OnnxDataType.Float, "N", 1, 28, 28).Output("y", OnnxDataType.Float, "N", 10);
        model.Initializer(w, [.. Enumerable.Range(0, 7840).Select(i => SampleOrder.Hash(1, (ulong)i) % 100 / 5000f)], 784, 10).Initializer(b, new float[10], 10);
        model.Node("Flatten", ["x"], ["f"]);
        model.Node("Gemm", ["f", w, b], ["y"]);
        model.Write(folder["long.onnx"]);
        var options = Fashion.Small(folder) with { Model = folder["long.onnx"] };
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"] }).Store.Sha256;
        Cancel(options, 5);
        Assert.Equal(expected, Personalizer.Run(options with { Resume = true }).Store.Sha256);
    }

    [Fact]
    public void ResumeWithoutACheckpointStartsAfresh()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options).Store.Sha256;
        Assert.Equal(expected, Personalizer.Run(options with { Resume = true }).Store.Sha256);
    }

    [Fact]
    public void WithoutResumeAnOldCheckpointIsDropped()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"] }).Store.Sha256;
        Cancel(options, 5);
        Assert.True(File.Exists(folder["user.edb.checkpoint"]));
        Assert.Equal(expected, Personalizer.Run(options).Store.Sha256);
    }

    [Fact]
    public void OtherOptionsAreRefusedByName()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        Personalizer.Run(options with { Store = folder["first.edb"] });
        Cancel(options, 5);
        var session = options.Session;
        (string Name, PersonalizeOptions Options)[] others =
        [
            ("--lr", options with { Rate = 0.5f }),
            ("--steps", options with { Steps = 13 }),
            ("--schedule", options with { Schedule = Schedule.Parse("constant") }),
            ("--freeze-after", options with { Freeze = FreezePolicy.Parse("8") }),
            ("--score", options with { Score = ScoreMode.Global }),
            ("--select", options with { Select = SelectMode.Once }),
            ("--seed", options with { Session = session with { Seed = 2 } }),
            ("--batch", options with { Session = session with { Batch = 16 } }),
            ("--budget", options with { Session = session with { Budget = Budget.Parse("3%") } }),
            ("--clip", options with { Session = session with { Clip = 2f } }),
            ("--momentum", options with { Session = session with { Momentum = 0.5f } }),
            ("--bn", options with { Session = session with { TrainBatchNorm = true } }),
            ("--from", options with { From = folder["first.edb"] }),
            ("--patience", options with { Patience = 2 }),
            ("--distill", options with { Distill = false }),
            ("data", options with { Data = Fashion.Part(folder["other.npz"], "user-train.npz", 1, 5) }),
            ("data", options with { Replay = null }),
        ];
        foreach (var (name, other) in others)
        {
            var refusal = Assert.Throws<EdbException>(() => Personalizer.Run(other with { Resume = true }));
            Assert.True(refusal.ExitCode == 3, refusal.Message);
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("--resume", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
        }
        Assert.True(File.Exists(folder["user.edb.checkpoint"]));
    }

    /// <summary>Runs until a number of steps was told of, trials included; the run may end before.</summary>
    static void Cancel(PersonalizeOptions options, int afterSteps)
    {
        using var source = new CancellationTokenSource();
        var told = 0;
        try
        {
            Personalizer.Run(options with
            {
                Cancel = source.Token,
                Progress = _ =>
                {
                    if (++told == afterSteps) source.Cancel();
                },
            });
        }
        catch (OperationCanceledException)
        {
            Assert.Equal(afterSteps, told);
        }
    }
}
