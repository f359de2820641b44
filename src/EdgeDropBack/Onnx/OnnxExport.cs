using EdgeDropBack.Files;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Writes a model again with some constants replaced. Everything else is copied byte for byte, fields this version does not know included;
/// external data is taken into the file.
/// </summary>
/// <remarks>
/// A first pass over the wire format finds the messages that change and adds up their new lengths; a second streams. No parameter is held
/// in memory as a whole. Field numbers are those of onnx.proto.
/// </remarks>
static class OnnxExport
{
    /// <param name="model">The model, still open.</param>
    /// <param name="replacements">
    /// New values by initializer name, or by output name of a Constant or DequantizeLinear node. They are written in the type the model has, rounded to
    /// nearest even.
    /// </param>
    /// <param name="destination">Where the model goes.</param>
    /// <param name="shapes">New shapes by value name, for graph inputs, outputs and value_info; -1 keeps a dimension as it is.</param>
    /// <param name="metadata">Entries of metadata_props to add or replace.</param>
    /// <param name="overlays">New values for single elements, by output name of a DequantizeLinear node; opset 11 and newer.</param>
    /// <param name="rewired">Inputs that read an initializer of their own, by the first output of their node.</param>
    /// <param name="calls">New calls by output name, for weights that are computed from a seed and stay so.</param>
    /// <exception cref="EdbException">
    /// A name is not there, its type is not floating-point, or the file would pass 2 GB; nothing has been written then.
    /// </exception>
    public static void Write(
        OnnxModel model,
        IReadOnlyDictionary<string, ReplacedTensor> replacements,
        Stream destination,
        IReadOnlyDictionary<string, long[]>? shapes = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        IReadOnlyDictionary<string, OverlaidTensor>? overlays = null,
        IReadOnlyDictionary<string, TrackedCall>? calls = null,
        ILookup<string, RewiredInput>? rewired = null)
    {
        ProtoWriter message = new OnnxRewriter(
            model,
            replacements,
            shapes ?? new Dictionary<string, long[]>(),
            metadata ?? new Dictionary<string, string>(),
            overlays ?? new Dictionary<string, OverlaidTensor>(),
            calls ?? new Dictionary<string, TrackedCall>(),
            rewired ?? Array.Empty<RewiredInput>().ToLookup(_ => "")).Model();
        if (message.Length > int.MaxValue)
        {
            throw EdbException.Failed(
                $"{model.Path}: the export takes {message.Length} bytes, a protobuf file may have {int.MaxValue}; use a smaller model");
        }

        message.WriteTo(destination);
    }

    /// <summary>
    /// Writes to a file, which appears whole or not at all, and which may be the model itself: the mapped bytes live on until it is closed.
    /// </summary>
    public static void Write(
        OnnxModel model,
        IReadOnlyDictionary<string, ReplacedTensor> replacements,
        string path,
        IReadOnlyDictionary<string, long[]>? shapes = null,
        IReadOnlyDictionary<string, string>? metadata = null,
        IReadOnlyDictionary<string, OverlaidTensor>? overlays = null,
        IReadOnlyDictionary<string, TrackedCall>? calls = null,
        ILookup<string, RewiredInput>? rewired = null) =>
        AtomicFile.Write(path, file => Write(model, replacements, file, shapes, metadata, overlays, calls, rewired));
}
