using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

/// <summary>A power cut can leave the last written file short: the one before it is used, and the run ends as if nothing had happened.</summary>
public sealed class PowerCutTests
{
    const int Cuts = 12;

    [Fact]
    public void ACheckpointCutAnywhereFallsBackToTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"] }).Store.Sha256;
        using var interrupted = new TemporaryFolder();
        Interrupt(options with { Store = interrupted["user.edb"] }, afterStep: 8);
        var length = new FileInfo(interrupted["user.edb.checkpoint"]).Length;
        Assert.True(File.Exists(interrupted["user.edb.checkpoint.1"]));
        for (var cut = 0; cut < Cuts; cut++)
        {
            using var state = new TemporaryFolder();
            StoreFolder.Copy(interrupted.Path, state["copy"]);
            var store = Path.Combine(state["copy"], "user.edb");
            using (var file = File.OpenWrite(store + ".checkpoint")) file.SetLength(length * cut / Cuts);
            var log = new List<string>();
            Assert.Equal(expected, Personalizer.Run(options with { Store = store, Resume = true, Log = log.Add }).Store.Sha256);
            Assert.Contains(log, line => line.Contains("user.edb.checkpoint", StringComparison.Ordinal)
                && line.EndsWith("the one before it is used", StringComparison.Ordinal));
            Assert.DoesNotContain(Directory.GetFiles(state["copy"]), path => path.Contains(".checkpoint", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void WithBothCheckpointsDamagedTrainingStartsAfresh()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"] }).Store.Sha256;
        Interrupt(options, afterStep: 8);
        File.WriteAllText(options.Store + ".checkpoint", "");
        File.WriteAllText(options.Store + ".checkpoint.1", "no store");
        var log = new List<string>();
        Assert.Equal(expected, Personalizer.Run(options with { Resume = true, Log = log.Add }).Store.Sha256);
        Assert.Contains(log, line => line.EndsWith("training starts afresh", StringComparison.Ordinal));
    }

    [Fact]
    public void ADamagedCheckpointNeverReplacesTheGoodOneBefore()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options with { Store = folder["whole.edb"] }).Store.Sha256;
        Interrupt(options, afterStep: 8);
        File.WriteAllText(options.Store + ".checkpoint", "short");
        Interrupt(options with { Resume = true }, afterStep: 10);
        File.WriteAllText(options.Store + ".checkpoint", "short");
        Assert.Equal(expected, Personalizer.Run(options with { Resume = true }).Store.Sha256);
    }

    [Fact]
    public void ADeadlineThatLeavesRoomForAllStepsChangesNothing()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options).Store.Sha256;
        var result = Personalizer.Run(options with { Store = folder["late.edb"], Limits = new() { Deadline = TimeSpan.FromHours(1) } });
        Assert.Equal(expected, result.Store.Sha256);
        Assert.Null(result.Throttled!.DeadlineSteps);
    }

    [Fact]
    public void ADeadlineFixesTheNumberOfStepsAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder) with { Steps = 1_000_000, Schedule = Schedule.Parse("constant"), Freeze = FreezePolicy.Parse("never") };
        var result = Personalizer.Run(options with { Store = folder["short.edb"], Limits = new() { Deadline = TimeSpan.FromSeconds(3) } });
        Assert.True(result.Throttled!.DeadlineSteps < 1_000_000);
        if (result.Throttled.IsCutByDeadline) return;
        Assert.Equal(result.Throttled.DeadlineSteps, result.Steps);
        var same = Personalizer.Run(options with { Steps = result.Steps });
        Assert.Equal(same.Store.Sha256, result.Store.Sha256);
    }

    [Fact]
    public void PausesChangeNothing()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var expected = Personalizer.Run(options).Store.Sha256;
        var result = Personalizer.Run(options with { Store = folder["slow.edb"], Limits = new() { Duty = 0.5 } });
        Assert.Equal(expected, result.Store.Sha256);
        Assert.True(result.Throttled!.DutySeconds > 0);
    }

    static void Interrupt(PersonalizeOptions options, int afterStep)
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Personalizer.Run(options with
        {
            Cancel = cancel.Token,
            Progress = p =>
            {
                if (p.Step >= afterStep) cancel.Cancel();
            },
        }));
    }
}
