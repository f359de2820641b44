using System.Runtime.InteropServices;
using EdgeDropBack.Files;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>
/// What `--resume` needs, beside the store: which rates were tried with what result, and the run in progress. Written atomically;
/// gone once the result is stored.
/// </summary>
/// <param name="ended">What the interrupted run was if its result is stored already; null where that cannot be.</param>
sealed class Checkpoint(Generations generations, RunIdentity identity, RunIdentity? ended = null)
{
    const string IdentityTag = "OPTIONS", RatesTag = "RATES", RunTag = "RUN", GoodTag = "GOOD", BestTag = "BEST", DenseTag = "DENSE";

    /// <summary>Held-out losses of the rates tried so far.</summary>
    public List<double> Tried { get; private set; } = [];

    /// <summary>The run in progress; null while rates are tried.</summary>
    public RunState? Run { get; private set; }

    /// <summary>Steps that the interrupted run was to take; null where there is none.</summary>
    public int? TotalSteps => _store is null ? null : checked((int)_store.Meta.TotalSteps);

    string Previous => generations.CheckpointPath + ".1";

    SparseStore? _store;

    /// <summary>Reads the newest checkpoint that is whole, where there is one.</summary>
    /// <param name="log">Told which damaged checkpoint was passed over.</param>
    /// <exception cref="EdbException">Exit code 3: it was made with other options, data or model.</exception>
    public void Load(TrainingSession session, Action<string>? log)
    {
        if (!Load(session, generations.CheckpointPath, "the one before it is used", log)) Load(session, Previous, "training starts afresh", log);
    }

    bool Load(TrainingSession session, string path, string otherwise, Action<string>? log)
    {
        if (!File.Exists(path)) return false;
        try
        {
            _store = SparseStore.OpenFor(path, session.Model.Sha256, session.Tensors);
        }
        catch (EdbException damage) when (damage.InnerException is InvalidDataException or IOException)
        {
            log?.Invoke($"{damage.Message}; {otherwise}");
            File.Move(path, generations.Path + ".corrupt", overwrite: true);
            return false;
        }
        var interrupted = Block(IdentityTag) ?? [];
        if (ended is not null && ended.Difference(interrupted) is null)
        {
            log?.Invoke($"the interrupted run had ended: '{generations.Path}' is its result; a new one begins");
            _store = null;
            Delete();
            return true;
        }
        if (identity.Difference(interrupted) is { } difference)
            throw EdbException.Refused($"{path}: the interrupted run had {difference}; give the same, or start afresh without --resume");
        Tried = [.. Block(RatesTag) is { } rates ? Doubles(rates) : []];
        Run = Block(RunTag) is { } run ? RunState.Parse(run, path) : null;
        return true;
    }

    /// <summary>Puts the session where the interrupted run was.</summary>
    public void RestoreSession(TrainingSession session)
    {
        _store!.ScoreScales.ToArray().CopyTo(session.Setup.Scales, 0);
        session.Start(_store);
        session.Trainer.Threshold = _store.Meta.Threshold;
        if (Block(DenseTag) is { } dense) Read(dense, session.Trainer.DenseState);
    }

    public void RestoreSnapshots(TrainingSession session, TrainingRun run)
    {
        RestoreSnapshot(session, run.Good, GoodTag);
        if (run.Best is not null) RestoreSnapshot(session, run.Best, BestTag);
    }

    public void Save(TrainingSession session, StoreMeta meta, TrainingRun? run)
    {
        var resume = new List<ResumeBlock> { new(IdentityTag, identity.ToBytes()), new(RatesTag, Bytes(Tried)) };
        if (run is not null)
        {
            resume.Add(new(RunTag, run.State.ToBytes()));
            resume.Add(new(GoodTag, Snapshot(session, meta, run.Good)));
            if (run.Best is not null) resume.Add(new(BestTag, Snapshot(session, meta, run.Best)));
            if (session.Trainer.DenseState.Count > 0) resume.Add(new(DenseTag, Bytes(session.Trainer.DenseState)));
        }
        if (File.Exists(generations.CheckpointPath)) File.Move(generations.CheckpointPath, Previous, overwrite: true);
        var present = session.ToStore(meta with { Threshold = session.Trainer.Threshold });
        SparseStore.Write(generations.CheckpointPath, new SparseStore
        {
            Meta = present.Meta,
            Tracked = present.Tracked,
            Bases = present.Bases,
            ScoreScales = present.ScoreScales,
            RunningStatistics = present.RunningStatistics,
            Resume = resume,
        }, like: File.Exists(generations.Path) ? generations.Path : Previous);
    }

    public void Delete()
    {
        File.Delete(Previous);
        File.Delete(generations.CheckpointPath);
    }

    static byte[] Snapshot(TrainingSession session, StoreMeta meta, Snapshot snapshot) => snapshot.ToStore(session, meta).ToBytes();

    void RestoreSnapshot(TrainingSession session, Snapshot snapshot, string tag)
    {
        if (Block(tag) is not { } bytes) return;
        snapshot.Load(session, SparseStore.Parse(bytes, generations.CheckpointPath, session.Tensors));
    }

    byte[]? Block(string tag) => _store!.Resume.FirstOrDefault(block => block.Tag == tag)?.Bytes;

    static byte[] Bytes(IReadOnlyList<float[]> state)
    {
        using var stream = new MemoryStream();
        foreach (var values in state) stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        return stream.ToArray();
    }

    static void Read(ReadOnlySpan<byte> bytes, IReadOnlyList<float[]> state)
    {
        foreach (var values in state)
        {
            bytes[..(values.Length * sizeof(float))].CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
            bytes = bytes[(values.Length * sizeof(float))..];
        }
    }

    static byte[] Bytes(IReadOnlyList<double> values) => [.. values.SelectMany(BitConverter.GetBytes)];

    static IEnumerable<double> Doubles(byte[] bytes) => Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToDouble(bytes, 8 * i));
}
