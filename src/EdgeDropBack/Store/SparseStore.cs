using EdgeDropBack.Data;
using EdgeDropBack.Files;

namespace EdgeDropBack.Store;

/// <summary>What a training changed: tracked weights over a named base, and what going on with it needs. Nothing else.</summary>
public sealed class SparseStore
{
    /// <summary>Model, seed, options and progress.</summary>
    public required StoreMeta Meta { get; init; }

    /// <summary>The tracked weights with their optimizer state.</summary>
    public required TrackedSet Tracked { get; init; }

    /// <summary>[tensors] base of each tensor, in parameter order.</summary>
    internal IReadOnlyList<TensorBase> Bases { get; init; } = [];

    /// <summary>
    /// The seed that regenerated bases grow from; null where there are none, or where they grow from several, which are the model file's then.
    /// A new last layer has the run's own.
    /// </summary>
    public uint? BaseSeed
    {
        get
        {
            uint? seed = null;
            foreach (var tensor in Bases)
            {
                if (tensor.Kind != TensorBaseKind.Regenerated) continue;
                if (seed is not null && seed != tensor.Seed) return null;
                seed = tensor.Seed;
            }
            return Meta.NewHeadClasses > 0 ? null : seed;
        }
    }

    /// <summary>[tensors] divisor of each tensor's scores (RMS of its gradient at the base); empty stands for 1 throughout.</summary>
    public IReadOnlyList<float> ScoreScales { get; init; } = [];

    /// <summary>Running statistics of batch normalizations, when they were trained.</summary>
    public IReadOnlyList<RunningStatistics> RunningStatistics { get; init; } = [];

    /// <summary>The trainer's own state, for <c>--resume</c>.</summary>
    internal IReadOnlyList<ResumeBlock> Resume { get; init; } = [];

    /// <summary>
    /// Whether tensors carry their names. A store of unusually long names keeps hashes only, shown as <c>#0123456789abcdef</c>;
    /// <see cref="OpenFor"/> takes the names from the model.
    /// </summary>
    public bool HasNames => NameHashes is null;

    /// <summary>[tensors] name hashes of a store without names, else null.</summary>
    internal IReadOnlyList<ulong>? NameHashes { get; init; }

    /// <summary>Replaces the file atomically and returns its SHA-256 in lower-case hexadecimal. Equal stores give equal bytes.</summary>
    /// <exception cref="EdbException">The path cannot be written.</exception>
    public static string Write(string path, SparseStore store) => Write(path, store, null, null);

    internal static string Write(string path, SparseStore store, string? like, Action<string>? afterStep = null)
    {
        store.Validate();
        string sha256 = "";
        AtomicFile.Write(path, stream => sha256 = StoreWriter.Write(stream, store), like, afterStep: afterStep);
        return sha256;
    }

    /// <summary>The store's bytes, to nest it in another one (best so far, last good state).</summary>
    public byte[] ToBytes()
    {
        Validate();
        using var stream = new MemoryStream();
        _ = StoreWriter.Write(stream, this);
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave; <paramref name="name"/> stands in errors.</summary>
    /// <param name="bytes">A whole store.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="tensors">As in <see cref="OpenFor"/>.</param>
    public static SparseStore Parse(byte[] bytes, string name, IReadOnlyList<TrackedTensor>? tensors = null) =>
        new StoreReader(new MemoryStream(bytes, writable: false), name).Read(tensors);

    /// <summary>Reads and checks a store whatever its model.</summary>
    /// <exception cref="EdbException">It is missing, no store, cut short or damaged.</exception>
    public static SparseStore Open(string path) => Read(path, null, null);

    /// <summary>Reads a store that must belong to this model.</summary>
    /// <param name="path">The store.</param>
    /// <param name="modelSha256">SHA-256 of the model file, lower-case hexadecimal.</param>
    /// <param name="tensors">The model's trainable tensors in parameter order; null takes them from the store.</param>
    /// <exception cref="EdbException">As <see cref="Open"/>, or the store belongs to another model.</exception>
    public static SparseStore OpenFor(string path, string modelSha256, IReadOnlyList<TrackedTensor>? tensors = null) =>
        Read(path, modelSha256, tensors);

    /// <summary>The same, and a further check before the weights are read.</summary>
    internal static SparseStore OpenFitting(string path, string modelSha256, IReadOnlyList<TrackedTensor> tensors, IStoreCheck fit) =>
        Read(path, modelSha256, tensors, fit);

    /// <summary>Refuses another model's store.</summary>
    /// <exception cref="EdbException">The model's SHA-256 is not the one the store was trained on.</exception>
    public void RequireModel(string modelSha256, string path) => RequireModel(Meta, modelSha256, path);

    internal static void RequireModel(StoreMeta meta, string modelSha256, string path)
    {
        if (meta.ModelSha256 != modelSha256)
            throw EdbException.Refused($"store '{path}' belongs to model {Short(meta.ModelSha256)}, this model is {Short(modelSha256)}; "
                + "give the model it was trained on, or another --store");
    }

    /// <summary>The first 12 digits of a SHA-256, as errors and tables show it.</summary>
    public static string Short(string sha256) => sha256.Length > 12 ? sha256[..12] : sha256;

    static SparseStore Read(string path, string? modelSha256, IReadOnlyList<TrackedTensor>? tensors, IStoreCheck? fit = null)
    {
        try
        {
            // Pipes and devices count as empty: opening one might wait for ever.
            using var stream = DataFile.IsWithoutLength(path)
                ? Stream.Null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return new StoreReader(stream, path) { ModelSha256 = modelSha256, Fit = fit }.Read(tensors);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw EdbException.Refused($"there is no store '{path}'; check the path, or make one with 'edb personalize'", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"cannot read store '{path}': {failure.Message}; check the path and its permissions", failure);
        }
    }

    void Validate()
    {
        int tensors = Tracked.Tensors.Count;
        if (Bases.Count != tensors)
            throw new InvalidOperationException($"{Bases.Count} bases for {tensors} tensors.");
        if (ScoreScales.Count != 0 && ScoreScales.Count != tensors)
            throw new InvalidOperationException($"{ScoreScales.Count} score scales for {tensors} tensors.");
        if (Resume.FirstOrDefault(block => block.Tag.Length is 0 or > 8 || block.Tag.Any(c => !char.IsAsciiLetterOrDigit(c))) is { } bad)
            throw new InvalidOperationException($"'{bad.Tag}' is no resume tag: 1 to 8 ASCII letters or digits.");
        if (Tracked.Tensors.DistinctBy(tensor => tensor.Name).Count() != tensors)
            throw new InvalidOperationException("Two tensors have the same name.");
    }
}
