using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>A protobuf field of an ONNX file, with its fields where it is a message of the schema.</summary>
sealed class WireNode
{
    /// <summary>Which fields of which message are messages, by the names of onnx.proto.</summary>
    static readonly Dictionary<(string, int), string> s_schema = new()
    {
        [("Model", 7)] = "Graph",
        [("Model", 8)] = "Opset",
        [("Model", 14)] = "Entry",
        [("Model", 25)] = "Function",
        [("Graph", 1)] = "Node",
        [("Graph", 5)] = "Tensor",
        [("Graph", 11)] = "ValueInfo",
        [("Graph", 12)] = "ValueInfo",
        [("Graph", 13)] = "ValueInfo",
        [("Node", 5)] = "Attribute",
        [("Attribute", 5)] = "Tensor",
        [("Attribute", 6)] = "Graph",
        [("Attribute", 10)] = "Tensor",
        [("Attribute", 11)] = "Graph",
        [("Tensor", 13)] = "Entry",
        [("ValueInfo", 2)] = "Type",
        [("Type", 1)] = "TensorType",
        [("TensorType", 2)] = "Shape",
        [("Shape", 1)] = "Dim",
        [("Function", 7)] = "Node",
        [("Function", 9)] = "Opset",
        [("Function", 11)] = "Attribute",
    };

    public required int Field { get; set; }

    public required WireType Type { get; set; }

    /// <summary>The message that the field stands in.</summary>
    public required string Parent { get; init; }

    public ulong Number { get; set; }

    public byte[] Bytes { get; set; } = [];

    /// <summary>Null for what is not a message.</summary>
    public List<WireNode>? Children { get; init; }

    /// <summary>Added to the length that is written.</summary>
    public long FalseLength { get; set; }

    public static List<WireNode> Parse(ReadOnlySpan<byte> message, string name = "Model")
    {
        var nodes = new List<WireNode>();
        var reader = new WireReader("sample", message, 0);
        while (reader.Next(out var field, out var type))
        {
            var number = type is WireType.Varint ? reader.Varint() : 0;
            byte[] bytes = type switch
            {
                WireType.Bytes => reader.Bytes(type).ToArray(),
                WireType.Fixed32 => reader.Take(4).ToArray(),
                WireType.Fixed64 => reader.Take(8).ToArray(),
                _ => [],
            };
            var child = type == WireType.Bytes ? s_schema.GetValueOrDefault((name, field)) : null;
            nodes.Add(new() { Field = field, Type = type, Parent = name, Number = number, Bytes = bytes, Children = child is null ? null : Parse(bytes, child) });
        }
        return nodes;
    }

    public static byte[] Write(List<WireNode> nodes)
    {
        var bytes = new List<byte>();
        foreach (var node in nodes) node.Write(bytes);
        return [.. bytes];
    }

    public WireNode Copy() => new()
    {
        Field = Field,
        Type = Type,
        Parent = Parent,
        Number = Number,
        Bytes = Bytes,
        Children = Children?.ConvertAll(child => child.Copy()),
    };

    void Write(List<byte> to)
    {
        Varint(to, (ulong)Field << 3 | (uint)Type);
        if (Type == WireType.Varint) Varint(to, Number);
        var bytes = Children is null ? Bytes : Write(Children);
        if (Type == WireType.Bytes) Varint(to, (ulong)(bytes.Length + FalseLength));
        if (Type != WireType.Varint) to.AddRange(bytes);
    }

    static void Varint(List<byte> to, ulong value)
    {
        for (; value > 0x7F; value >>= 7) to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }
}
