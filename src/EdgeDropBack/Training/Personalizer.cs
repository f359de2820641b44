using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Files;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// The main job: fine-tunes a pretrained model for its user, measures what that gained and cost, and keeps the result if it is good enough.
/// </summary>
public static class Personalizer
{
    internal const double HeldOutShare = 0.2;

    /// <summary>Share of the steps that each rate is tried for.</summary>
    const double TrialShare = 0.4;

    /// <summary>Runs a personalization to its end.</summary>
    /// <returns>What the run did; files that it could not write in the end are in <see cref="PersonalizeResult.NotWritten"/>.</returns>
    /// <exception cref="EdbException">Exit code 3: input that cannot be used; 2: an option, or an output that is an input; 1: the training failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; a checkpoint was saved.</exception>
    public static PersonalizeResult Run(PersonalizeOptions options)
    {
        Check(options);
        var storePath = options.Store ?? Path.GetFileNameWithoutExtension(options.Model) + ".edb";
        RunFiles.Check(options, storePath);
        var profile = DeviceProfile.Load(options.Profile);
        using var @lock = StoreLock.Acquire(storePath);
        var generations = new Generations(storePath);
        generations.Recover();
        using var job = PersonalizeJob.OpenWithinLimit(options);
        options = job.Options;
        var session = job.Session;
        options.Planned?.Invoke(PersonalizeFigures.Compare(session));

        var checkpoint = new Checkpoint(generations, RunIdentity.Of(job.Options, session, job.DataSets), Ended(job, generations));
        if (options.Resume) checkpoint.Load(session, options.Log);
        else checkpoint.Delete();

        var (user, retain) = job.Measure();
        FixSteps(job, checkpoint);
        var picture = options.Picture is null ? null : job.PictureBefore();
        if (checkpoint.Run is null && options.Mode() == TrainingMode.DropBack && options.Score == ScoreMode.Layer) job.MeasureScales();
        var rate = options.Rate ?? SearchRate(job, checkpoint);
        var before = checkpoint.Run?.Step ?? 0;
        using var counters = options.Report is null ? null : TrafficCounters.Start();
        var run = Train(job, checkpoint, rate);
        var measured = counters?.Read(Math.Max(1, run.State.Step - before));
        var (userAfter, retainAfter) = job.Measure();

        var refusal = NotFinite(userAfter, "user") ?? (retainAfter is null ? null : NotFinite(retainAfter, "retain")) ?? options.AcceptIf.Refusal((userAfter.Accuracy ?? -userAfter.Loss) - (user.Accuracy ?? -user.Loss),
            retain is null ? null : retainAfter!.Accuracy - retain.Accuracy);
        var accuracy = new AccuracyFigures(user.Accuracy, userAfter.Accuracy, retain?.Accuracy, retainAfter?.Accuracy)
        {
            Kind = user.Kind,
            RetainKind = retain?.Kind,
            MacroF1 = new(user.MacroF1, userAfter.MacroF1),
            FalseRejectRate = new(user.FalseRejectRate, userAfter.FalseRejectRate),
            FalseAcceptRate = new(user.FalseAcceptRate, userAfter.FalseAcceptRate),
        };
        var store = session.ToStore(Meta(job, rate, run, accuracy));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(store.ToBytes()));
        var notWritten = new List<string>();
        var isStored = refusal is not null || before > 0 && generations.IsCurrent(sha256)
            || Wrote(notWritten, storePath, () => generations.Accept(store, path => job.Sidecar.Save(path, generations.ModeOfSidecar)));
        if (isStored) Wrote(notWritten, generations.CheckpointPath, checkpoint.Delete);
        if (options.Report is { } report)
            Wrote(notWritten, report, () => (PersonalizeFigures.Report(job, profile) with { Measured = measured }).Save(report));
        if (picture is not null && options.Picture is { } drawing)
            Wrote(notWritten, drawing, () => AtomicFile.Write(drawing, stream => stream.Write(Encoding.UTF8.GetBytes(picture.Draw(PersonalizeFigures.Compare(session))))));
        var result = PersonalizeFigures.Collect(job, run, rate, accuracy, profile, new(storePath, store.ToBytes().Length, sha256), refusal);
        return result with { Accepted = result.Accepted && isStored, NotWritten = notWritten };
    }

    /// <summary>What cannot be written at the end costs neither the other files nor the result.</summary>
    static bool Wrote(List<string> notWritten, string path, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception failure) when ((failure as EdbException ?? FileErrors.Describe(path, failure)) is { } described)
        {
            notWritten.Add(described.Message);
            return false;
        }
    }

    /// <summary>
    /// What a run of these options was that went on from the store it then replaced: a kill between that and the end of its checkpoint leaves
    /// both. Null where the run does not go on from its own store.
    /// </summary>
    static RunIdentity? Ended(PersonalizeJob job, Generations generations)
        => job.Options is { Resume: true, From: { } from } && Path.GetFullPath(from) == Path.GetFullPath(generations.Path) && generations.List() is [_, { Path: var replaced }, ..]
            ? RunIdentity.Of(job.Options with { From = replaced }, job.Session, job.DataSets) : null;

    /// <summary>The last step can spoil the weights without a loss that shows it; such a result is never kept.</summary>
    static string? NotFinite(Evaluation evaluation, string name) => double.IsFinite(evaluation.Loss)
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"the loss on the {name} data is {evaluation.Loss} after training; give a lower --lr, or --clip 1");

    static void Check(PersonalizeOptions options)
    {
        if (options.Epochs < 1) throw EdbException.Usage($"--epochs is {options.Epochs}, expected 1 or more");
        if (options.Steps is < 1) throw EdbException.Usage($"--steps is {options.Steps}, expected 1 or more");
        if (options.Patience is < 1) throw EdbException.Usage($"--patience is {options.Patience}, expected 1 or more epochs");
        if (options.Session.MicroBatch > 0 && !options.StartsFrozen)
            throw EdbException.Usage("--micro-batch adds up gradients of weights that are frozen from the start; give --select once, or --mode last-layer or bias, or leave it out");
        if (options.Freeze is { Kind: FreezeKind.Steps or FreezeKind.Epochs, Amount: 0 } && options is { From: null, StartsFrozen: false } && options.Mode() == TrainingMode.DropBack)
            throw EdbException.Usage($"--freeze-after {options.Freeze} fixes the tracked set while it is empty, so that nothing is trained; give 1 or more, --from a store, or --select once");
        options.Limits.Check();
        if (options.CheckpointEvery < 1) throw EdbException.Usage($"--checkpoint-every is {options.CheckpointEvery}, expected 1 or more steps");
        if (options.Rate is { } rate && !(rate > 0 && float.IsFinite(rate))) throw EdbException.Usage($"--lr is {rate}, expected a positive number or auto");
        if (options.Mode() == TrainingMode.Dense && options.Select == SelectMode.Once)
            throw EdbException.Usage("--select once chooses tracked weights, and --mode dense tracks none; leave one of them out");
        if (options.Picture is not null && options.Session.Loss != LossKind.CrossEntropy)
            throw EdbException.Usage("--picture shows classes, which only --loss ce has; leave it out");
        if (options.AcceptIf.NeedsRetention && options.Retain is null)
            throw EdbException.Usage($"--accept-if \"{options.AcceptIf}\" speaks of retention, which is not measured; give --retain");
    }

    static TrainingMode Mode(this PersonalizeOptions options) => options.Session.Mode;

    /// <summary>
    /// Trains for a part of the steps at three rates on four fifths of the user's data, and takes the rate with the lowest loss on the
    /// held-out fifth (and on a fifth of the replayed samples, which counts as much).
    /// </summary>
    static float SearchRate(PersonalizeJob job, Checkpoint checkpoint)
    {
        var rates = RateCandidates.For(job.Options.Session);
        var trial = job.Trial(TrialShare);
        var initial = job.Initial;
        while (checkpoint.Tried.Count < rates.Length)
        {
            var rate = rates[checkpoint.Tried.Count];
            checkpoint.Tried.Add(job.Try(trial, rate, initial));
            job.Begin(initial);
            checkpoint.Save(job.Session, Meta(job, 0, null, null), null);
        }
        var best = 0;
        for (var i = 1; i < rates.Length; i++) if (checkpoint.Tried[i] < checkpoint.Tried[best]) best = i;
        var tried = string.Join(", ", rates.Select((r, i) => string.Create(CultureInfo.InvariantCulture, $"{r} ({checkpoint.Tried[i]:0.000})")));
        job.Options.Log?.Invoke(string.Create(CultureInfo.InvariantCulture, $"learning rate {rates[best]}: lowest held-out loss of {tried}"));
        return rates[best];
    }

    static TrainingRun Train(PersonalizeJob job, Checkpoint checkpoint, float rate)
    {
        var session = job.Session;
        var resumed = checkpoint.Run is not null;
        if (resumed) checkpoint.RestoreSession(session);
        else job.Begin(job.Initial);
        var run = new TrainingRun(session, job.Plan, rate, checkpoint.Run);
        if (resumed) checkpoint.RestoreSnapshots(session, run);
        var (lastSaved, savedAt) = (run.State.Step, Environment.TickCount64);
        job.Throttle.Begin();
        run.Train("training", () =>
        {
            var isDue = job.Options.CheckpointInterval is { } interval
                ? Environment.TickCount64 - savedAt >= interval.TotalMilliseconds
                : run.State.Step >= lastSaved + job.Options.CheckpointEvery;
            if (isDue || job.Options.Cancel.IsCancellationRequested)
            {
                checkpoint.Save(session, Meta(job, rate, run, null), run);
                (lastSaved, savedAt) = (run.State.Step, Environment.TickCount64);
            }
            job.Options.Cancel.ThrowIfCancellationRequested();
            return job.Throttle.AfterStep(job.Options.Cancel);
        });
        return run;
    }

    /// <summary>A deadline decides the number of steps and nothing else; a run that is resumed keeps the number it began with.</summary>
    static void FixSteps(PersonalizeJob job, Checkpoint checkpoint)
    {
        if (job.Options.Limits.Deadline is null) return;
        var planned = job.Plan.Steps;
        if (checkpoint.TotalSteps is { } steps)
        {
            job.FixSteps(steps);
        }
        else
        {
            var rates = job.Options.Rate is { } given ? [given] : RateCandidates.For(job.Options.Session);
            job.Begin(job.Initial);
            var measuring = Stopwatch.GetTimestamp();
            job.Measure();
            var left = job.Throttle.SecondsLeft!.Value - Stopwatch.GetElapsedTime(measuring).TotalSeconds;
            var step = DeadlineSteps.Probe(job.Session, job.Plan, rates[0]) / job.Options.Limits.Duty;
            job.FixSteps(DeadlineSteps.Fitting(step, left, planned, job.Options.Rate is null ? rates.Length : 0, n => job.TrialSteps(n, TrialShare)));
            job.Begin(job.Initial);
        }
        if (job.Plan.Steps < planned) job.Throttle.DeadlineSteps = job.Plan.Steps;
        if (job.Plan.Steps < planned) job.Options.Log?.Invoke($"--deadline leaves room for {job.Plan.Steps} of {planned} steps");
    }

    static StoreMeta Meta(PersonalizeJob job, float rate, TrainingRun? run, AccuracyFigures? accuracy)
    {
        var (options, session) = (job.Options, job.Session);
        var meta = new StoreMeta
        {
            ModelSha256 = session.Model.Sha256,
            Seed = options.Session.Seed,
            Budget = session.BudgetCount,
            TrainableCount = session.Setup.TrainableCount,
            BatchSize = options.Session.Batch,
            Mode = TrainableParameters.Name(options.Session.Mode),
            SelectMode = options.Select.Name(),
            ScoreMode = options.Score == ScoreMode.Layer ? "layer" : "global",
            Optimizer = options.Session.Optimizer == OptimizerKind.Adam ? "adam" : "sgd",
            Loss = LossInput.Name(options.Session.Loss),
            BatchNorm = options.Session.TrainBatchNorm ? "train" : "frozen",
            Schedule = options.Schedule.ToString(),
            NewHeadClasses = session.Options.NewHeadClasses,
            Step = run?.State.Step ?? 0,
            TotalSteps = job.Plan.Steps,
            LearningRate = rate,
            LearningRateReductions = run?.State.Reductions ?? 0,
            Momentum = options.Session.Momentum,
            Clip = options.Session.Clip,
            FreezeStep = run?.State.FrozenAt ?? -1,
        };
        if (options.Session.WeightDecay != 0) meta = meta.WithNote("weightDecay", options.Session.WeightDecay.ToString(CultureInfo.InvariantCulture));
        if (options.Augment != Data.Augmentation.None) meta = meta.WithNote("augment", options.Augment.ToString());
        if (session.Passes > 1) meta = meta.WithNote("microBatch", session.Graph.Batch.ToString(CultureInfo.InvariantCulture));
        if (accuracy is null) return meta;
        Note("userBefore", accuracy.Before);
        Note("userAfter", accuracy.After);
        Note("retainBefore", accuracy.RetainBefore);
        Note("retainAfter", accuracy.RetainAfter);
        return meta;

        void Note(string key, double? value)
        {
            if (value is { } number) meta = meta.WithNote(key, number.ToString("0.######", CultureInfo.InvariantCulture));
        }
    }
}
