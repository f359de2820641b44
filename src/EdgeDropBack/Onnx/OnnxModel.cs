using System.Security.Cryptography;

namespace EdgeDropBack.Onnx;

/// <summary>
/// An ONNX model: records over the mapped file. Weights are not copied; spans and tensors taken from it are valid until it is disposed.
/// </summary>
sealed class OnnxModel : IDisposable
{
    readonly ModelFile _source;
    readonly ExternalData _external;
    string? _sha256;

    internal OnnxModel(ModelFile source, ExternalData external) => (_source, _external) = (source, external);

    /// <summary>Path as it was given, or the name of a model opened from memory.</summary>
    public string Path => _source.Path;

    /// <summary>Bytes of the model file, without external data.</summary>
    public long FileLength => _source.Length;

    /// <summary>Paths of external data files in order of first use.</summary>
    public IEnumerable<string> ExternalFiles => _external.Files.Select(f => f.Path);

    /// <summary>
    /// SHA-256 in lower-case hex of the model file followed by its external data files in order of first use.
    /// Without external data it is what sha256sum prints.
    /// </summary>
    public string Sha256 => _sha256 ??= Hash();

    public required long IrVersion { get; init; }

    public required string ProducerName { get; init; }

    public required string ProducerVersion { get; init; }

    public required string Domain { get; init; }

    public required long ModelVersion { get; init; }

    /// <summary>Operator set versions by domain; ai.onnx is the empty string.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    public required OnnxGraph Graph { get; init; }

    /// <summary>Functions defined in the model, in file order.</summary>
    public required IReadOnlyList<OnnxFunction> Functions { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>What a user should know although the model can be read.</summary>
    public IReadOnlyList<string> Warnings => _warnings ??= TrainingNodes.Warning(this) is { } training ? [.. FileWarnings, training] : FileWarnings;

    IReadOnlyList<string>? _warnings;

    /// <summary>Those of the file's form.</summary>
    internal required IReadOnlyList<string> FileWarnings { get; init; }

    /// <summary>The order of nodes that are not sorted in the file, by where the message of their graph or function starts.</summary>
    public required IReadOnlyDictionary<long, NodeSequence> NodeOrders { get; init; }

    /// <summary>True for a training graph of ONNX Runtime Training; the model it was generated from is what is wanted.</summary>
    public required bool IsTrainingArtifact { get; init; }

    internal ModelFile Source => _source;

    internal ExternalData External => _external;

    /// <summary>Maps and reads a model.</summary>
    /// <exception cref="EdbException">
    /// Exit code 3: the file is missing, not a model, cut short, damaged, or refers to data outside its folder.
    /// </exception>
    public static OnnxModel Open(string path) => Read(ModelFile.Map(path, "model"), new ExternalData(path, hasFolder: true));

    /// <summary>Paths of a model's external data files, each resolved.</summary>
    /// <exception cref="EdbException">As <see cref="Open(string)"/>.</exception>
    public static IReadOnlyList<string> ExternalFilesOf(string path)
    {
        using var model = Open(path);
        return [.. model.ExternalFiles];
    }

    /// <summary>Reads a model from memory. <paramref name="name"/> stands for the path in messages; external data is refused.</summary>
    public static OnnxModel Open(ReadOnlyMemory<byte> bytes, string name = "model") =>
        Read(ModelFile.InMemory(name, bytes), new ExternalData(name, hasFolder: false));

    public void Dispose()
    {
        _external.Dispose();
        _source.Dispose();
    }

    static OnnxModel Read(ModelFile source, ExternalData external)
    {
        try
        {
            return OnnxModelReader.Read(source, external);
        }
        catch
        {
            external.Dispose();
            source.Dispose();
            throw;
        }
    }

    string Hash()
    {
        const int Chunk = 1 << 20;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ModelFile file in _external.Files.Prepend(_source))
        {
            for (long at = 0; at < file.Length; at += Chunk)
                hash.AppendData(file.Slice(at, (int)Math.Min(Chunk, file.Length - at)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
