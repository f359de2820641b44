using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>A file that holds one TensorProto, read as the only initializer of a model; it may lack a name.</summary>
sealed class TensorFile : IDisposable
{
    readonly OnnxModel _model;

    TensorFile(OnnxModel model) => _model = model;

    public OnnxTensor Tensor => _model.Graph.Initializers[0];

    public static TensorFile Open(string path)
    {
        byte[] tensor = [.. File.ReadAllBytes(path), 0x42, 1, (byte)'t'];
        byte[] graph = [0x2A, .. Varint(tensor.Length), .. tensor];
        byte[] model = [0x08, 8, 0x42, 2, 0x10, 17, 0x3A, .. Varint(graph.Length), .. graph];
        return new(OnnxModel.Open(model, path));
    }

    public void Dispose() => _model.Dispose();

    static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7F; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
