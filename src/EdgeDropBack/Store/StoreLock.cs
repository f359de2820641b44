using EdgeDropBack.Files;

namespace EdgeDropBack.Store;

/// <summary>Exclusive right to change a store and its generations; the system releases it when the process dies.</summary>
sealed class StoreLock : IDisposable
{
    public const string Suffix = ".lock";

    readonly FileStream _file;

    StoreLock(FileStream file) => _file = file;

    /// <summary>Takes the lock <c>NAME.edb.lock</c>. The file stays: removing it would let two processes lock different files.</summary>
    /// <exception cref="EdbException">Another process holds it, or the folder cannot be written.</exception>
    public static StoreLock Acquire(string storePath)
    {
        string path = RealPath.OfFile(storePath) + Suffix;
        try
        {
            return new StoreLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException failure) when (FileErrors.IsHeld(failure))
        {
            throw EdbException.Refused($"store '{storePath}' is in use by another process (lock '{path}'); "
                + "wait for it to end, or choose another --store", failure);
        }
        catch (Exception failure) when (FileErrors.Describe(path, failure) is { } described)
        {
            throw described;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();
}
