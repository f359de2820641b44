using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>The bytes of a model or data file: mapped, or given in memory.</summary>
sealed class ModelFile : IDisposable
{
    readonly MappedFile? _mapped;
    readonly ReadOnlyMemory<byte> _bytes;

    ModelFile(string path, MappedFile? mapped, ReadOnlyMemory<byte> bytes) => (Path, _mapped, _bytes) = (path, mapped, bytes);

    public string Path { get; }

    public long Length => _mapped?.Length ?? _bytes.Length;

    public static ModelFile InMemory(string name, ReadOnlyMemory<byte> bytes) => new(name, null, bytes);

    /// <param name="path">File to map.</param>
    /// <param name="whatItIs">How messages call it, such as <c>model</c>.</param>
    public static ModelFile Map(string path, string whatItIs)
    {
        if (Directory.Exists(path)) throw EdbException.Refused($"{path}: is a folder; name the {whatItIs} file in it");
        if (!File.Exists(path)) throw EdbException.Refused($"{path}: there is no such {whatItIs} file; check the path");
        try
        {
            // Before opening: a pipe has length 0 and would block the open.
            if ((new FileInfo(path).ResolveLinkTarget(true) ?? new FileInfo(path)) is FileInfo { Length: 0 })
                throw EdbException.Refused($"{path}: the {whatItIs} file is empty or not a regular file; copy or download it again");
            return new(path, new MappedFile(path), default);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"{path}: the {whatItIs} file cannot be read: {e.Message}", e);
        }
    }

    public ReadOnlySpan<byte> Slice(long offset, int length) =>
        _mapped is not null ? _mapped.Slice(offset, length) : _bytes.Span.Slice(checked((int)offset), length);

    public void Dispose() => _mapped?.Dispose();
}
