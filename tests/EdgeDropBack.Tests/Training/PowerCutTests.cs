using EdgeDropBack.Store;
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
    public void ACheckpointCutAtEveryLengthGivesTheOneBefore()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        Interrupt(options, afterStep: 8);
        var path = options.Store + ".checkpoint";
        var (newest, before) = (File.ReadAllBytes(path), File.ReadAllBytes(path + ".1"));
        using var job = PersonalizeJob.Open(options);
        var identity = RunIdentity.Of(options, job.Session, job.DataSets);
        for (var length = 0; length < newest.Length; length++)
        {
            File.WriteAllBytes(path, newest[..length]);
            var log = new List<string>();
            var checkpoint = new Checkpoint(new Generations(options.Store!), identity);
            checkpoint.Load(job.Session, log.Add);
            Assert.Equal(6, checkpoint.Run!.Step);
            Assert.EndsWith("the one before it is used", Assert.Single(log), StringComparison.Ordinal);
            Assert.False(File.Exists(path));
        }
        Assert.Equal(before, File.ReadAllBytes(path + ".1"));
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

    /// <summary>The result is stored first and the checkpoint goes then; between the two both are there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACheckpointThatOutlivesItsRunAddsNoGenerationAndIsNoObstacle(bool goesOn)
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        Personalizer.Run(options with { Steps = 4 });
        if (goesOn) options = options with { From = options.Store };
        Interrupt(options, afterStep: 8);
        using var interrupted = new TemporaryFolder();
        StoreFolder.Copy(folder.Path, interrupted.Path);
        var first = Personalizer.Run(options with { Resume = true });
        foreach (var checkpoint in Directory.GetFiles(interrupted.Path, "*.checkpoint*")) File.Copy(checkpoint, folder[Path.GetFileName(checkpoint)]);
        var log = new List<string>();
        var second = Personalizer.Run(options with { Resume = true, Log = log.Add });
        Assert.Equal(goesOn, log.Exists(line => line.StartsWith("the interrupted run had ended", StringComparison.Ordinal)));
        Assert.Equal(goesOn ? 3 : 2, new Generations(options.Store!).List().Count);
        Assert.Equal(goesOn, first.Store.Sha256 != second.Store.Sha256);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), path => path.Contains(".checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void ADamagedNewestStoreIsPassedOverWhereverAStoreIsUsed()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        var first = Personalizer.Run(options);
        Personalizer.Run(options with { Session = options.Session with { Seed = 2 } });
        var whole = File.ReadAllBytes(options.Store!);
        File.WriteAllBytes(options.Store!, whole[..(whole.Length / 2)]);
        var log = new List<string>();
        Assert.Equal(first.Accuracy.After, Inference.Evaluate(options.Model, options.Store, options.Test!, null, null, log: log.Add).Accuracy);
        StoreExport.Export(options.Model, options.Store!, folder["mine.onnx"], log.Add);
        Assert.Equal(first.Accuracy.After, Inference.Evaluate(folder["mine.onnx"], null, options.Test!, null, null).Accuracy);
        var next = Personalizer.Run(options with { From = options.Store, Store = folder["next.edb"], Log = log.Add });
        Assert.Equal(first.Accuracy.After, next.Accuracy.Before);
        Assert.Equal(3, log.Count(line => line.Contains("cut short", StringComparison.Ordinal) && line.Contains("user.edb.1", StringComparison.Ordinal)));
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
