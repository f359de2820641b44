namespace EdgeDropBack.Onnx;

/// <summary>Writes the nodes that some values of a model need, as a model with these values as outputs.</summary>
/// <remarks>
/// Messages are copied byte for byte; external data stays where it is. Field numbers are those of onnx.proto. Outputs are written without a
/// type, which runtimes infer.
/// </remarks>
static class OnnxExtract
{
    /// <param name="keeps">By node ordinal.</param>
    /// <param name="initializers">Names that the kept nodes read.</param>
    /// <param name="outputs">Names of the new outputs.</param>
    public static byte[] Write(OnnxModel model, bool[] keeps, IReadOnlySet<string> initializers, IReadOnlyList<string> outputs)
    {
        var whole = new WireReader(model.Path, model.Source.Slice(0, (int)model.FileLength), 0);
        var result = new ProtoWriter();
        while (whole.Next(out int field, out WireType type))
        {
            long start = whole.FieldStart;
            if (field == 7) result.Message(7, Graph(model, whole.Message(type), keeps, initializers, outputs));
            else
            {
                whole.Skip(type);
                result.Copy(model.Source, start, whole.Position - start);
            }
        }

        if (result.Length > int.MaxValue) throw EdbException.Refused($"{model.Path}: the frozen part takes {result.Length} bytes; keep its weights as external data");
        var bytes = new byte[result.Length];
        result.WriteTo(new MemoryStream(bytes));
        return bytes;
    }

    /// <summary>GraphProto: node 1, initializer 5, input 11, output 12, value_info 13, sparse_initializer 15.</summary>
    static ProtoWriter Graph(OnnxModel model, WireReader graph, bool[] keeps, IReadOnlySet<string> initializers, IReadOnlyList<string> outputs)
    {
        var result = new ProtoWriter();
        int node = 0;
        int[]? ordinals = model.NodeOrders.GetValueOrDefault(graph.Start)?.Ordinals();
        while (graph.Next(out int field, out WireType type))
        {
            long start = graph.FieldStart;
            bool isKept = field switch
            {
                1 => keeps[ordinals is null ? node++ : ordinals[node++]],
                5 => initializers.Contains(Name(graph, type, 8)),
                11 => Name(graph, type, 1) is var name && (model.Graph.Initializer(name) is null || initializers.Contains(name)),
                12 or 13 => false,
                _ => true,
            };
            graph.Skip(type);
            if (isKept) result.Copy(model.Source, start, graph.Position - start);
        }

        foreach (string output in outputs) result.Message(12, new ProtoWriter().String(1, output));
        return result;
    }

    /// <summary>A text field of the next message, which is not consumed.</summary>
    static string Name(WireReader reader, WireType type, int wanted)
    {
        WireReader message = reader.Packed(type);
        while (message.Next(out int field, out WireType inner))
        {
            if (field == wanted) return message.Name(inner);
            message.Skip(inner);
        }

        return "";
    }
}
