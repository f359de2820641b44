using EdgeDropBack.Data;
using EdgeDropBack.Graphs;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>
/// Whether a store's weights mean in a session what they meant in the one that wrote them: the same weights under them, the same cut, and a
/// place for every statistic. What a session can choose anew (loss, mode, optimizer) may differ.
/// </summary>
sealed class StoreFit(TrainingSession session, string path) : IStoreCheck
{
    /// <exception cref="EdbException">Exit code 3: names the store, what differs, and what to give.</exception>
    public void Require(StoreMeta meta, IReadOnlyList<StoreTensorRecord> tensors, IReadOnlyList<Store.RunningStatistics> statistics)
    {
        RequireCut(meta.Note(PrefixCut.Note), session.Prefix?.Cut.Spec);
        var stored = tensors.DistinctBy(tensor => tensor.NameHash).ToDictionary(tensor => tensor.NameHash);
        foreach (var parameter in session.Graph.Parameters)
        {
            if (!stored.TryGetValue(StoreFormat.NameHash(parameter.Name), out var tensor)) continue;
            var present = TrainingSession.BaseOf(parameter);
            var isFaded = tensor.Base.Kind == TensorBaseKind.Zero && meta.InitDecayFactor == 0 && parameter.Base is RegeneratedParameterBase;
            if (!isFaded && tensor.Base != present) throw OtherBase(meta, parameter, tensor, present);
            if (tensor.ElementCount != parameter.Count && IsNewHead(meta)) throw OtherBase(meta, parameter, tensor, present);
        }
        var names = session.Setup.Statistics.SelectMany(s => s.ToStore()).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        if (statistics.FirstOrDefault(s => !names.Contains(s.Name)) is { } lost)
            throw EdbException.Refused($"store '{path}' has statistics of batch norms, such as '{Printable.Name(lost.Name)}', which this run does not train; "
                + "give --bn train (SessionOptions.TrainBatchNorm), or another store");
        if (statistics.Count > 0 && statistics.Count != names.Count)
            throw EdbException.Refused($"store '{path}' has {statistics.Count} batch-norm statistics, this run {names.Count}; "
                + "give the options it was trained with, or another store");
    }

    bool IsNewHead(StoreMeta meta) => meta.NewHeadClasses > 0 || session.Options.NewHeadClasses > 0;

    void RequireCut(string? stored, string? present)
    {
        if (stored == present) return;
        throw EdbException.Refused(stored is null
            ? $"store '{path}' was trained without a frozen front, this run is cut at {present}; leave --train-from (SessionOptions.TrainFrom) out, or give another store"
            : $"store '{path}' was trained from {stored} on, this run from {present ?? "the first node"}; give --train-from \"{stored}\" (SessionOptions.TrainFrom), or another store");
    }

    EdbException OtherBase(StoreMeta meta, Parameter parameter, StoreTensorRecord stored, TensorBase present)
    {
        var name = Printable.Name(parameter.Name);
        var (theirs, ours) = ($"{stored.ElementCount} {Weights(stored.Base)}", $"{parameter.Count} {Weights(present)}");
        var difference = $"store '{path}' stands on other weights than this run: '{name}' has {theirs} in the store, {ours} here";
        if (!IsNewHead(meta) && stored.Base.Kind == TensorBaseKind.Regenerated && present.Kind == TensorBaseKind.Regenerated)
            return EdbException.Refused($"{difference}; give --seed {stored.Base.Seed} (SessionOptions.BaseSeed), or another store");
        if (stored.Base.Kind == TensorBaseKind.Mapped)
            return EdbException.Refused($"{difference}; leave --new-head (SessionOptions.NewHeadClasses) out, or give another store");
        var head = meta.NewHeadClasses > 0 ? $" for {meta.NewHeadClasses} classes" : "";
        return EdbException.Refused($"{difference}; give --new-head{head} and --seed {Seed()} (SessionOptions.NewHeadClasses, Seed), or another store");

        ulong Seed() => stored.Base.Kind == TensorBaseKind.Regenerated ? stored.Base.Seed : meta.Seed;
    }

    static string Weights(TensorBase @base) => @base.Kind switch
    {
        TensorBaseKind.Mapped => "weights of the model file",
        TensorBaseKind.Zero => "zeros",
        TensorBaseKind.Constant => $"constants of {@base.Scale}",
        _ => $"weights from seed {@base.Seed}",
    };
}
