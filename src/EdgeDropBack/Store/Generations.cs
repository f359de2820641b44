using System.Security.Cryptography;
using EdgeDropBack.Files;

namespace EdgeDropBack.Store;

/// <summary>
/// The stores of one name: <c>NAME.edb</c> is current, <c>NAME.edb.1</c> the one before it, up to <c>NAME.edb.5</c>; each may have
/// a sidecar (<c>NAME.edb.json</c>, <c>NAME.edb.1.json</c>) that moves with it.
/// <para>A new current generation is first completed as <c>NAME.edb.new</c>, its sidecar before it. From the moment that file has
/// its name it <b>is</b> the current generation; the renames that follow (older ones up by one below the first free number, then
/// <c>.new</c> to <c>NAME.edb</c>) can be cut off anywhere and are finished by the next change. A kill therefore leaves the old or
/// the new set, whole. Changes require the <see cref="StoreLock"/>; reading does not.</para>
/// <para><c>NAME.edb.pinned</c> is a copy of one generation that no later one pushes out.</para>
/// </summary>
public sealed class Generations
{
    /// <summary>Previous generations kept beside the current one.</summary>
    public const int DefaultKeep = 5;

    /// <summary>Number of the pinned generation.</summary>
    public const int PinnedNumber = -1;

    const int ReadAttempts = 10;
    readonly int _keep;
    readonly string _given;
    readonly Action<string>? _afterStep;

    /// <param name="path">The current store, <c>NAME.edb</c>.</param>
    /// <param name="keep">Previous generations to keep.</param>
    public Generations(string path, int keep = DefaultKeep)
        : this(path, keep, null)
    {
    }

    internal Generations(string path, int keep, Action<string>? afterStep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        Path = RealPath.OfFile(path);
        _given = path;
        _keep = keep;
        _afterStep = afterStep;
    }

    /// <summary>The current store's path; where that is a link, the path of the file behind it, beside which all others lie.</summary>
    public string Path { get; }

    /// <summary>Where an unfinished run keeps its state; no generation.</summary>
    public string CheckpointPath => Path + ".checkpoint";

    string Pending => Path + ".new";

    string PinnedPath => Path + ".pinned";

    /// <summary>The sidecar's path of a store.</summary>
    public static string SidecarOf(string storePath) => storePath + ".json";

    /// <summary>Every name that a generation of this store may have, sidecars included.</summary>
    internal IEnumerable<string> Files => [.. Enumerable.Range(0, _keep + 1).Select(Slot).Append(PinnedPath).SelectMany(path => (string[])[path, SidecarOf(path)])];

    /// <summary>Every other file that changing the store may make, move or remove.</summary>
    internal IEnumerable<string> WorkingFiles => [Path + StoreLock.Suffix, CheckpointPath, CheckpointPath + ".1",
        .. ((string[])[Pending, PinnedPath + ".new", Path + ".corrupt"]).SelectMany(path => (string[])[path, SidecarOf(path)])];

    /// <summary>The file whose mode a new sidecar takes.</summary>
    internal string ModeOfSidecar => Existing(SidecarOf(Path)) ?? Path;

    /// <summary>The generations there are, newest first.</summary>
    public IReadOnlyList<Generation> List()
    {
        List<Generation> found = [];
        bool pending = File.Exists(Pending);
        if (pending)
        {
            string? sidecar = Existing(SidecarOf(Pending));
            if (sidecar is null && !File.Exists(Path))
                sidecar = Existing(SidecarOf(Path));
            Add(0, Pending, sidecar);
        }

        for (int slot = 0; slot <= _keep; slot++)
            if (File.Exists(Slot(slot)))
                Add(pending ? found.Count : slot, Slot(slot), Existing(SidecarOf(Slot(slot))) ?? (slot == 0 ? Existing(SidecarOf(_given)) : null));
        return found;

        void Add(int number, string path, string? sidecar) =>
            found.Add(new Generation(number, path, sidecar, new FileInfo(path) is { Exists: true } file ? file.Length : 0));
    }

    /// <summary>Opens the newest generation that is not damaged, and says so when it is not the current one.</summary>
    /// <param name="modelSha256">The model it must belong to, or null for any.</param>
    /// <param name="tensors">As in <see cref="SparseStore.OpenFor"/>.</param>
    /// <exception cref="EdbException">There is none, or the newest readable one belongs to another model.</exception>
    public OpenedGeneration Open(string? modelSha256 = null, IReadOnlyList<TrackedTensor>? tensors = null)
    {
        EdbException? first = null;
        for (int attempt = 0; attempt < ReadAttempts; attempt++)
        {
            IReadOnlyList<Generation> generations = List();
            first = null;
            foreach (Generation generation in generations)
            {
                try
                {
                    SparseStore store = modelSha256 is null
                        ? SparseStore.Open(generation.Path)
                        : SparseStore.OpenFor(generation.Path, modelSha256, tensors);
                    string? notice = first is null ? null : $"{first.Message} (using the previous generation '{generation.Path}')";
                    return new OpenedGeneration(store, generation, notice);
                }
                catch (EdbException failure) when (failure.InnerException is InvalidDataException or IOException)
                {
                    first ??= failure;
                }
            }

            if (generations.All(generation => File.Exists(generation.Path)))
                break; // else a rotation by another process was under way
        }

        throw first ?? EdbException.Refused($"there is no store '{Path}'; check the path, or make one with 'edb personalize'");
    }

    /// <summary>Whether the current store is this one, bit for bit.</summary>
    internal bool IsCurrent(string sha256)
    {
        if (!File.Exists(Path))
            return false;
        using FileStream file = File.OpenRead(Path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == sha256;
    }

    /// <summary>Reads every generation in full; the pinned one comes last.</summary>
    public IReadOnlyList<GenerationCheck> Verify()
    {
        List<GenerationCheck> checks = [.. List().Select(Check)];
        if (File.Exists(PinnedPath))
            checks.Add(Check(new Generation(PinnedNumber, PinnedPath, Existing(SidecarOf(PinnedPath)), new FileInfo(PinnedPath).Length)));
        return checks;
    }

    /// <summary>Keeps a copy of a generation until another one is pinned, or <see cref="Unpin"/>.</summary>
    /// <exception cref="EdbException">There is no such generation, or it is damaged.</exception>
    public void Pin(int generation = 0) => Guarded(() =>
    {
        Recover();
        if (generation < 0 || generation > _keep || !File.Exists(Slot(generation)))
            throw EdbException.Refused($"store '{Path}' has no generation {generation} to pin; see `edb store list {ShellWord.Quote(Path)}`");
        _ = SparseStore.Open(Slot(generation));
        string next = PinnedPath + ".new";
        CopyWithSidecar(Slot(generation), next);
        if (!File.Exists(SidecarOf(next)))
            Delete(SidecarOf(PinnedPath));
        MoveWithSidecar(next, PinnedPath);
        AtomicFile.Flush(Path);
        return true;
    });

    /// <summary>Lets the pinned generation go.</summary>
    public void Unpin()
    {
        Delete(PinnedPath);
        Delete(SidecarOf(PinnedPath));
    }

    /// <summary>Makes a store the current generation and keeps the present one as the previous. Returns the store's SHA-256.</summary>
    /// <param name="store">The new store.</param>
    /// <param name="writeSidecar">Writes the sidecar to the path it is given, or null for none.</param>
    /// <exception cref="EdbException">It cannot be written; the present generations are untouched.</exception>
    public string Accept(SparseStore store, Action<string>? writeSidecar = null) => Guarded(() =>
    {
        Recover();
        string sidecar = SidecarOf(Pending);
        if (writeSidecar is null)
            Delete(sidecar);
        else
            writeSidecar(sidecar);
        _afterStep?.Invoke("sidecar");
        string sha256;
        try
        {
            sha256 = SparseStore.Write(Pending, store, Path, _afterStep);
        }
        catch (EdbException)
        {
            Delete(sidecar);
            throw;
        }

        RollForward();
        return sha256;
    });

    /// <summary>
    /// Makes an earlier generation the current one, bit for bit. The generations above it each become one older, so that the one
    /// rolled back from is generation 1 and nothing is lost. The pinned one stays pinned.
    /// </summary>
    /// <param name="generation">Its number, or <see cref="PinnedNumber"/>.</param>
    /// <exception cref="EdbException">There is no such generation, or it is damaged.</exception>
    public Generation Rollback(int generation = 1) => Guarded(() =>
    {
        Recover();
        bool pinned = generation == PinnedNumber;
        if (!pinned && (generation < 1 || generation > _keep) || !File.Exists(pinned ? PinnedPath : Slot(generation)))
            throw EdbException.Refused($"store '{Path}' has no {(pinned ? "pinned generation" : $"generation {generation}")} to go back to; see `edb store list {ShellWord.Quote(Path)}`");
        string source = pinned ? PinnedPath : Slot(generation);
        _ = SparseStore.Open(source);
        if (pinned)
        {
            CopyWithSidecar(source, Pending);
        }
        else
        {
            CopySidecar(source, Pending);
            Move(source, Pending);
            Delete(SidecarOf(source));
        }

        RollForward();
        return List()[0];
    });

    /// <summary>Finishes a change that was cut off. A pending store that cannot be read is set aside as <c>NAME.edb.corrupt</c>.</summary>
    public void Recover()
    {
        if (!File.Exists(Pending))
            return;
        if (Check(new Generation(0, Pending, null, 0)).Error is null)
            RollForward();
        else
            MoveWithSidecar(Pending, Path + ".corrupt");
    }

    void RollForward()
    {
        int free = 0;
        while (free <= _keep && File.Exists(Slot(free)))
            free++;
        if (free > _keep)
        {
            free = _keep;
            Delete(SidecarOf(Slot(free)));
            Delete(Slot(free));
        }

        for (int slot = free - 1; slot >= 0; slot--)
            MoveWithSidecar(Slot(slot), Slot(slot + 1));
        MoveWithSidecar(Pending, Path);
        AtomicFile.Flush(Path);
    }

    static GenerationCheck Check(Generation generation)
    {
        try
        {
            return new GenerationCheck(generation, SparseStore.Open(generation.Path), null);
        }
        catch (EdbException failure)
        {
            return new GenerationCheck(generation, null, failure);
        }
    }

    T Guarded<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (Exception failure) when (FileErrors.Describe(Path, failure) is { } described)
        {
            throw described;
        }
    }

    /// <summary>The sidecar goes first: a store that has arrived has its sidecar, and a redone move finds nothing to take back.</summary>
    void MoveWithSidecar(string from, string to)
    {
        if (File.Exists(SidecarOf(from)))
            Move(SidecarOf(from), SidecarOf(to));
        Move(from, to);
    }

    void Move(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        _afterStep?.Invoke($"move {from} {to}");
    }

    /// <summary>Both or, where the disk is full, neither.</summary>
    void CopyWithSidecar(string from, string to)
    {
        try
        {
            CopySidecar(from, to);
            Copy(from, to);
        }
        catch (EdbException)
        {
            Delete(SidecarOf(to));
            throw;
        }
    }

    void CopySidecar(string from, string to)
    {
        Delete(SidecarOf(to));
        if (File.Exists(SidecarOf(from)))
            Copy(SidecarOf(from), SidecarOf(to));
    }

    void Copy(string from, string to) => AtomicFile.Write(to, stream => stream.Write(File.ReadAllBytes(from)), from, afterStep: _afterStep);

    void Delete(string path)
    {
        File.Delete(path);
        _afterStep?.Invoke($"delete {path}");
    }

    string Slot(int slot) => slot == 0 ? Path : $"{Path}.{slot}";

    static string? Existing(string path) => File.Exists(path) ? path : null;
}
