using System.Text;
using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Onnx;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Models that promise more than anybody has, which are to be refused at once.</summary>
static class HostileExtremes
{
    public static IReadOnlyList<(string Name, byte[] Bytes, string Refusal)> All { get; } =
    [
        ("four-gigabytes", OnnxSamples.WithTensor(Tensor(1 << 30).Bytes(9, new byte[900])), "takes more than the 2147483647 bytes"),
        ("four-gigabytes-external", OnnxSamples.WithTensor(Tensor(1 << 30).Message(13, ProtoMessages.Entry("location", "w.bin")).Varint(14, 1)),
            "takes more than the 2147483647 bytes"),
        ("shape-beyond-64-bits", OnnxSamples.WithTensor(Tensor(1L << 40, 1L << 40)), "more elements than 64 bits can count"),
        ("input-beyond-64-bits", Model("Relu", input: [1, 1L << 32, 1L << 32, 1L << 32]), "expected 0 to"),
        ("values-beyond-64-bits", Expanding(), "dimension 0 is 2147483648"),
        ("name-of-100-megabytes", OnnxSamples.WithGraph(new ProtoWriter().Bytes(2, new byte[100 << 20])), "a name of 104857600 bytes"),
        ("node-name-of-100-megabytes", OnnxSamples.WithGraph(new ProtoWriter().Message(1, new ProtoWriter().Bytes(3, new byte[100 << 20]))),
            "a name of 104857600 bytes"),
        ("million-nodes-deep", Chain(1_000_000), "1000000 nodes or more, expected at most 65536"),
        ("million-graphs-deep", Nested(1_000_000), "nested deeper than 64"),
    ];

    static ProtoWriter Tensor(params long[] dims) => new ProtoWriter().Varints(1, dims).Varint(2, 1).String(8, "t");

    static byte[] Model(string op, long[] input)
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, [.. input.Select(dim => (OnnxDim)dim)]).Output("y", OnnxDataType.Float);
        b.Node(op, ["x"], ["y"]);
        return b.ToBytes();
    }

    /// <summary>x [1, 4] expanded to 2^32 and again 2^32 times as many.</summary>
    static byte[] Expanding()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float);
        b.Initializer("s", [1L << 31, 1L << 31, 1, 4], 4);
        b.Node("Expand", ["x", "s"], ["y"]);
        return b.ToBytes();
    }

    /// <summary>Every node reads what the one before it writes.</summary>
    static byte[] Chain(int nodes)
    {
        var graph = new MemoryStream();
        for (var i = 0; i < nodes; i++)
        {
            var (from, to) = (Encoding.ASCII.GetBytes($"v{i}"), Encoding.ASCII.GetBytes($"v{i + 1}"));
            graph.Write([0x0A, (byte)(from.Length + to.Length + 10), 0x0A, (byte)from.Length, .. from, 0x12, (byte)to.Length, .. to, 0x22, 4, .. "Relu"u8]);
        }
        var bytes = graph.ToArray();
        return [0x08, 8, 0x42, 2, 0x10, 17, .. Field(0x3A, bytes.Length), .. bytes];
    }

    /// <summary>Every node's attribute is a graph with one node.</summary>
    static byte[] Nested(int graphs)
    {
        var heads = new Stack<byte[]>();
        var length = 0;
        for (var i = 0; i < graphs; i++)
        {
            foreach (var tag in (byte[])[0x32, 0x2A, 0x0A])
            {
                heads.Push([.. Field(tag, length)]);
                length += heads.Peek().Length;
            }
        }
        return [0x08, 8, 0x42, 2, 0x10, 17, .. Field(0x3A, length), .. heads.SelectMany(head => head)];
    }

    static IEnumerable<byte> Field(byte tag, int length)
    {
        yield return tag;
        for (; length > 0x7F; length >>= 7) yield return (byte)(length | 0x80);
        yield return (byte)length;
    }
}
