using System.Globalization;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>
/// What `--resume` needs, beside the store: which rates were tried with what result, and the run in progress. Written atomically;
/// gone once the result is stored.
/// </summary>
sealed class Checkpoint(Generations generations, string fingerprint)
{
    const string RatesTag = "RATES", RunTag = "RUN", GoodTag = "GOOD", BestTag = "BEST";

    /// <summary>Held-out losses of the rates tried so far.</summary>
    public List<double> Tried { get; private set; } = [];

    /// <summary>The run in progress; null while rates are tried.</summary>
    public RunState? Run { get; private set; }

    SparseStore? _store;

    /// <summary>Reads the checkpoint, where there is one.</summary>
    /// <exception cref="EdbException">Exit code 3: it is damaged, or was made with other options, data or model.</exception>
    public void Load(TrainingSession session)
    {
        var path = generations.CheckpointPath;
        if (!File.Exists(path)) return;
        _store = SparseStore.OpenFor(path, session.Model.Sha256, session.Tensors);
        if (_store.Meta.Note("options") != fingerprint)
            throw EdbException.Refused($"{path}: the interrupted run had other options or data; give the same ones, or start afresh without --resume");
        Tried = [.. Block(RatesTag) is { } rates ? Doubles(rates) : []];
        Run = Block(RunTag) is { } run ? RunState.Parse(run, path) : null;
    }

    /// <summary>Puts the session where the interrupted run was.</summary>
    public void RestoreSession(TrainingSession session)
    {
        _store!.ScoreScales.ToArray().CopyTo(session.Setup.Scales, 0);
        session.Start(_store);
        session.Trainer.Threshold = _store.Meta.Threshold;
    }

    public void RestoreSnapshots(TrainingSession session, TrainingRun run)
    {
        RestoreSnapshot(session, run.Good, GoodTag);
        if (run.Best is not null) RestoreSnapshot(session, run.Best, BestTag);
    }

    public void Save(TrainingSession session, StoreMeta meta, TrainingRun? run)
    {
        var resume = new List<ResumeBlock> { new(RatesTag, Bytes(Tried)) };
        if (run is not null)
        {
            resume.Add(new(RunTag, run.State.ToBytes()));
            resume.Add(new(GoodTag, Snapshot(session, meta, run.Good)));
            if (run.Best is not null) resume.Add(new(BestTag, Snapshot(session, meta, run.Best)));
        }
        var present = session.ToStore(meta.WithNote("options", fingerprint) with { Threshold = session.Trainer.Threshold });
        SparseStore.Write(generations.CheckpointPath, new SparseStore
        {
            Meta = present.Meta,
            Tracked = present.Tracked,
            Bases = present.Bases,
            ScoreScales = present.ScoreScales,
            RunningStatistics = present.RunningStatistics,
            Resume = resume,
        });
    }

    public void Delete()
    {
        if (File.Exists(generations.CheckpointPath)) File.Delete(generations.CheckpointPath);
    }

    byte[] Snapshot(TrainingSession session, StoreMeta meta, Snapshot snapshot)
        => snapshot.ToStore(session, meta.WithNote("options", fingerprint)).ToBytes();

    void RestoreSnapshot(TrainingSession session, Snapshot snapshot, string tag)
    {
        if (Block(tag) is not { } bytes) return;
        snapshot.Load(session, SparseStore.Parse(bytes, generations.CheckpointPath));
    }

    byte[]? Block(string tag) => _store!.Resume.FirstOrDefault(block => block.Tag == tag)?.Bytes;

    static byte[] Bytes(IReadOnlyList<double> values) => [.. values.SelectMany(BitConverter.GetBytes)];

    static IEnumerable<double> Doubles(byte[] bytes) => Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToDouble(bytes, 8 * i));

    /// <summary>Short hash over everything that decides a result.</summary>
    public static string Fingerprint(PersonalizeOptions options, TrainingSession session, IEnumerable<Data.Dataset> data)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{session.Model.Sha256}|{options.Session.Mode}|{options.Session.Batch}|{session.BudgetCount}|{options.Session.Loss}|{options.Session.Optimizer}|"
            + $"{options.Session.Momentum}|{options.Session.Clip}|{options.Session.TrainBatchNorm}|{options.Session.Seed}|{options.Rate}|{options.Schedule}|"
            + $"{options.Epochs}|{options.Steps}|{options.Patience}|{options.Distill}|{options.Freeze}|{options.Score}|{options.Select}|{session.Options.NewHeadClasses}");
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text));
        foreach (var set in data)
        {
            hash.AppendData(BitConverter.GetBytes(set.Count));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(set.Labels.AsSpan()));
            var sample = new float[set.SampleLength];
            for (var i = 0; i < set.Count; i += Math.Max(1, set.Count / 16))
            {
                set.CopySample(i, sample);
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(sample.AsSpan()));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
