using System.Security.Cryptography;

namespace EdgeDropBack.DeviceLink;

/// <summary>The part of a file that has arrived, on disk under its own name, so that a transfer goes on where it was cut off.</summary>
sealed class FilePart : IDisposable
{
    readonly FileStream _file;
    readonly byte[] _sha256;

    FilePart(FileStream file, long size, byte[] sha256) => (_file, Size, _sha256) = (file, size, sha256);

    public string Path => _file.Name;

    /// <summary>Bytes of the whole file.</summary>
    public long Size { get; }

    /// <summary>Bytes that are there.</summary>
    public long Length => _file.Length;

    public static FilePart Open(string path, long size, byte[] sha256)
    {
        if (new FileInfo(path) is { Exists: true } old && (old.LinkTarget is not null || old.Length > size)) old.Delete();
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        return new(file, size, sha256);
    }

    /// <exception cref="EdbException">Exit code 3: more bytes than announced.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Size - Length) throw EdbException.Refused($"a file of {Size} bytes was announced, more have come; send it again");
        try
        {
            _file.Write(bytes);
        }
        catch (IOException)
        {
            Discard(); // What is there would keep the disk full.
            throw;
        }
    }

    /// <summary>Checks the whole and makes it durable.</summary>
    /// <exception cref="EdbException">Exit code 1: it is not the file that was announced; the part is gone.</exception>
    public void Finish()
    {
        _file.Position = 0;
        var whole = Length == Size && SHA256.HashData(_file).AsSpan().SequenceEqual(_sha256);
        if (whole) _file.Flush(flushToDisk: true);
        Dispose();
        if (whole) return;
        File.Delete(Path);
        throw EdbException.Failed("the bytes that arrived are not those announced: their SHA-256 differs; send the file again");
    }

    /// <summary>Takes the part off the disk.</summary>
    public void Discard()
    {
        Dispose();
        File.Delete(Path);
    }

    public void Dispose() => _file.Dispose();
}
