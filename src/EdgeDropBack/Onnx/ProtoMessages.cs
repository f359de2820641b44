using System.Runtime.InteropServices;

namespace EdgeDropBack.Onnx;

/// <summary>The ONNX messages that are written: TensorProto, ValueInfoProto, OperatorSetIdProto, StringStringEntryProto.</summary>
static class ProtoMessages
{
    /// <summary>TensorProto with dims 1, data_type 2, name 8, raw_data 9.</summary>
    public static ProtoWriter Tensor(string name, OnnxDataType type, ReadOnlySpan<byte> raw, IReadOnlyList<long> dims) =>
        TensorHeader(name, type, dims).Bytes(9, raw);

    public static ProtoWriter Tensor(string name, ReadOnlySpan<float> values, IReadOnlyList<long> dims) =>
        Tensor(name, OnnxDataType.Float, MemoryMarshal.AsBytes(values), dims);

    public static ProtoWriter Tensor(string name, ReadOnlySpan<long> values, IReadOnlyList<long> dims) =>
        Tensor(name, OnnxDataType.Int64, MemoryMarshal.AsBytes(values), dims);

    /// <summary>A TensorProto whose values are asked for when it is written.</summary>
    public static ProtoWriter Tensor(string name, OnnxDataType type, IReadOnlyList<long> dims, Action<long, Span<float>> read) =>
        TensorHeader(name, type, dims).Floats(9, type, Count(dims), read);

    /// <summary>ValueInfoProto with name 1, type 2; TypeProto.Tensor with elem_type 1, shape 2; no shape when dims is null.</summary>
    public static ProtoWriter ValueInfo(string name, OnnxDataType type, IReadOnlyList<OnnxDim>? dims)
    {
        ProtoWriter tensor = new ProtoWriter().Varint(1, (int)type);
        if (dims is not null)
        {
            var shape = new ProtoWriter();
            foreach (OnnxDim dim in dims) shape.Message(1, Dim(dim));
            tensor.Message(2, shape);
        }

        return new ProtoWriter().String(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    public static ProtoWriter Opset(string domain, long version) => new ProtoWriter().String(1, domain).Varint(2, version);

    public static ProtoWriter Entry(string key, string value) => new ProtoWriter().String(1, key).String(2, value);

    public static long Count(IReadOnlyList<long> dims)
    {
        long count = 1;
        foreach (long dim in dims) count = checked(count * dim);
        return count;
    }

    static ProtoWriter TensorHeader(string name, OnnxDataType type, IReadOnlyList<long> dims) =>
        new ProtoWriter().Varints(1, dims).Varint(2, (int)type).OptionalString(8, name);

    static ProtoWriter Dim(OnnxDim dim)
    {
        if (dim.Value is { } value) return new ProtoWriter().Varint(1, value);
        return dim.Symbol is { } symbol ? new ProtoWriter().String(2, symbol) : new ProtoWriter();
    }
}
