namespace EdgeDropBack.Onnx;

/// <summary>Where the values of a tensor are.</summary>
/// <param name="Source">File that holds them.</param>
/// <param name="IsMapped">True when bytes <paramref name="Offset"/>.. of the file are the values in raw form.</param>
/// <param name="IsExternal">True when the file is not the model file.</param>
/// <param name="Offset">Offset of the raw bytes, or of the TensorProto message for a list.</param>
/// <param name="Length">Bytes in raw form.</param>
/// <param name="MessageLength">Bytes of the TensorProto message.</param>
/// <param name="ListField">Field number of the list in TensorProto.</param>
/// <param name="ListUnit">How one value of the list is laid out when packed.</param>
readonly record struct OnnxTensorData(
    ModelFile Source, bool IsMapped, bool IsExternal, long Offset, int Length, int MessageLength, int ListField, WireType ListUnit)
{
    public WireReader Message(string file) => new(file, Source.Slice(Offset, MessageLength), Offset);
}
