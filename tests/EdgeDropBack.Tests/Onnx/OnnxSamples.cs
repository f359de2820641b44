using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Onnx;

/// <summary>Small models for the tests of this folder, and a generator of random bits.</summary>
static class OnnxSamples
{
    public static readonly float[] Weights = [.. Enumerable.Range(0, 12).Select(i => i * 0.25f - 1)];

    /// <summary>x[N,4] @ w[4,3] + b, Relu, with attributes of every simple kind.</summary>
    public static OnnxBuilder Perceptron(long irVersion = 8, long opset = 17)
    {
        var b = new OnnxBuilder("perceptron", irVersion, opset);
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", 3).ValueInfo("h", OnnxDataType.Float, "N", 3);
        b.Initializer("w", Weights, 4, 3).Initializer("shape", [0L, -1], 2);
        b.Node("Constant", [], ["b"]).Tensor("value", [0.5f, -0.5f, 1.5f], 3);
        b.Node("Gemm", ["x", "w", "b"], ["h"], "fc").Float("alpha", 0.5f).Int("transB", 0);
        b.Node("LeakyRelu", ["h"], ["a"]);
        b.Node("Reshape", ["a", "shape"], ["y"], "reshape");
        return b;
    }

    /// <summary>A model whose graph holds one tensor message and nothing else that matters.</summary>
    public static byte[] WithTensor(ProtoWriter tensor) => WithGraph(new ProtoWriter().Message(5, tensor));

    public static byte[] WithGraph(ProtoWriter graph) =>
        Bytes(new ProtoWriter().Varint(1, 8).Message(8, ProtoMessages.Opset("", 17)).Message(7, graph));

    public static byte[] Bytes(ProtoWriter message)
    {
        using var stream = new MemoryStream();
        message.WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014).</summary>
    public static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
