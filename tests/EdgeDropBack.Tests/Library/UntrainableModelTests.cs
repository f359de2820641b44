using EdgeDropBack.Onnx;
using EdgeDropBack.Tests.Store;
using EdgeDropBack.Tests.Training;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Library;

/// <summary>What no training can be made of is named before it starts, with the node and the way out.</summary>
public sealed class UntrainableModelTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string[]> Problems => new()
    {
        { "unknown domain", ["com.microsoft.FusedGemm", "\"odd\" (node 0)", "version 3", $"ai.onnx up to {OnnxVersions.NewestOpset}", "export"] },
        { "domain without version", ["acme.Thing", "imports no domain 'acme'"] },
        { "newer opset", ["opset 99", $" {OnnxVersions.NewestOpset} is the newest", "export"] },
        { "loop", ["Loop", "\"odd\" (node 0)", "control flow", "unrolled"] },
        { "scan", ["Scan", "control flow"] },
        { "sequence input", ["'s'", "sequence", "only tensors"] },
        { "sequence node", ["SequenceConstruct", "\"odd\" (node 0)", "plain tensors"] },
        { "optional node", ["OptionalHasElement", "plain tensors"] },
        { "string input", ["'s'", "String", "only numbers"] },
        { "string node", ["StringNormalizer", "\"odd\" (node 0)", "outside the model"] },
        { "string initializer", ["\"odder\" (node 1)", "String", "outside the model"] },
        { "sparse initializer", ["'w'", "MatMul \"last\" (node 0)", "dense"] },
        { "QLinearMatMul", ["QLinearMatMul", "\"odd\" (node 0)", "QDQ"] },
        { "ConvInteger", ["ConvInteger", "QDQ"] },
        { "DynamicQuantizeLinear", ["DynamicQuantizeLinear", "QDQ"] },
        { "int4 weights", ["DequantizeLinear", "\"odd\" (node 0)", "Int4", "8 bits"] },
        { "int16 weights", ["weights of type Int16", "int8"] },
        { "blocks", ["in blocks", "per channel"] },
        { "scale at run time", ["scale is computed at run time", "QDQ"] },
        { "negative scale", ["a scale is negative", "quantize"] },
        { "scale of zero", ["a scale is 0", "quantize"] },
        { "wrong scales", ["2 scales", "[4, 3]"] },
        { "other scales behind", ["not those that the weights"] },
        { "quantized for nobody", ["MatMul \"last\" (node 2)", "'w'", "Int8", "floating-point"] },
        { "NaN weights", ["MatMul 'last'", "'w'", "element 7 is NaN", "export"] },
        { "NaN bias", ["Add 'odd'", "'b'", "element 2 is NaN"] },
        { "NaN half weights", ["'w'", "element 5 is NaN"] },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void AModelThatCannotBeTrainedIsRefusedByNode(string problem, string[] parts)
    {
        File.WriteAllBytes(_folder["bad.onnx"], Bytes(problem));
        var before = StoreFolder.Listing(_folder.Path);
        var refusal = Assert.Throws<EdbException>(() => TrainingSession.Open(_folder["bad.onnx"], new() { Batch = 2, Threads = 1 }));
        Assert.Equal(3, refusal.ExitCode);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
        Assert.Contains("bad.onnx", refusal.Message, StringComparison.Ordinal);
        foreach (var part in parts) Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, StoreFolder.Listing(_folder.Path));
    }

    [Theory]
    [InlineData("Sigmoid", LossKind.CrossEntropy, new[] { "Sigmoid 'end'", "--loss bce" })]
    [InlineData("Softmax", LossKind.BinaryCrossEntropy, new[] { "Softmax 'end'", "--loss ce" })]
    [InlineData("rows", LossKind.CrossEntropy, new[] { "MatMul 'last'", "[2, 4, 3]", "loss ce" })]
    [InlineData("one output", LossKind.CrossEntropy, new[] { "MatMul 'last'", "[2, 1]", "loss ce" })]
    public void ALossThatDoesNotFitTheOutputIsRefusedByNode(string end, LossKind loss, string[] parts)
    {
        var b = new OnnxBuilder("loss");
        if (end == "rows") b.Input("x", OnnxDataType.Float, "N", 4, 4).Output("y", OnnxDataType.Float, "N", 4, 3);
        else b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", end == "one output" ? 1 : 3);
        b.Initializer("w", new float[end == "one output" ? 4 : 12], 4, end == "one output" ? 1 : 3);
        var isPlain = end is "rows" or "one output";
        b.Node("MatMul", ["x", "w"], [isPlain ? "y" : "h"], "last");
        if (!isPlain) b.Node(end, ["h"], ["y"], "end");
        b.Write(_folder["loss.onnx"]);
        var refusal = Assert.Throws<EdbException>(() => TrainingSession.Open(_folder["loss.onnx"], new() { Batch = 2, Loss = loss, Threads = 1 }));
        Assert.Equal(3, refusal.ExitCode);
        foreach (var part in parts) Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    static byte[] Bytes(string problem)
    {
        var b = new OnnxBuilder("bad", opset: problem == "newer opset" ? 99 : 17);
        b.Input("x", OnnxDataType.Float, "N", 4).Output("y", OnnxDataType.Float, "N", 3);
        var weights = new float[12];
        Array.Fill(weights, 0.5f);
        switch (problem)
        {
            case "unknown domain":
                b.Opset("com.microsoft", 3);
                Odd(b, "FusedGemm", "com.microsoft");
                break;
            case "domain without version":
                Odd(b, "Thing", "acme");
                break;
            case "loop":
                Odd(b, "Loop");
                break;
            case "scan":
                Odd(b, "Scan");
                break;
            case "sequence node":
                Odd(b, "SequenceConstruct");
                break;
            case "optional node":
                Odd(b, "OptionalHasElement");
                break;
            case "string node":
                Odd(b, "StringNormalizer");
                break;
            case "QLinearMatMul" or "ConvInteger" or "DynamicQuantizeLinear":
                Odd(b, problem);
                break;
            case "string initializer":
                b.Node("Identity", ["text"], ["unread"], "odd");
                b.Node("Add", ["unread", "x"], ["sum"], "odder");
                break;
            case "int4 weights":
                Dequantized(b, OnnxDataType.Int4, new byte[6], [0.1f]);
                return b.ToBytes();
            case "int16 weights":
                Dequantized(b, OnnxDataType.Int16, new byte[24], [0.1f]);
                return b.ToBytes();
            case "blocks":
                Dequantized(b, OnnxDataType.Int8, new byte[12], [0.1f]).Int("block_size", 2);
                return b.ToBytes();
            case "negative scale":
                Dequantized(b, OnnxDataType.Int8, new byte[12], [-0.1f]);
                return b.ToBytes();
            case "wrong scales":
                Dequantized(b, OnnxDataType.Int8, new byte[12], [0.1f, 0.2f]);
                return b.ToBytes();
            case "scale at run time":
                b.Initializer("q", OnnxDataType.Int8, new byte[12], 4, 3);
                b.Node("ReduceMax", ["x"], ["s"]).Int("keepdims", 0);
                b.Node("DequantizeLinear", ["q", "s"], ["w"], "odd");
                b.Node("MatMul", ["x", "w"], ["y"], "last");
                return b.ToBytes();
            case "scale of zero":
                b.Initializer("s", [0f]);
                b.Node("QuantizeLinear", ["x", "s"], ["q"], "odd");
                b.Node("DequantizeLinear", ["q", "s"], ["d"]);
                break;
            case "other scales behind" or "quantized for nobody":
                b.Initializer("f", weights, 4, 3).Initializer("s", [0.1f]).Initializer("t", [0.2f]);
                b.Node("QuantizeLinear", ["f", "s"], ["q"], "odd");
                if (problem == "quantized for nobody") b.Node("Identity", ["q"], ["w"]);
                else b.Node("DequantizeLinear", ["q", "t"], ["w"]);
                b.Node("MatMul", ["x", "w"], ["y"], "last");
                return b.ToBytes();
            case "NaN weights":
                weights[7] = float.NaN;
                break;
            case "NaN bias":
                b.Initializer("b", [0, 1, float.NaN, 2], 4);
                b.Node("Add", ["x", "b"], ["sum"], "odd");
                b.Initializer("w", weights, 4, 3);
                b.Node("MatMul", ["sum", "w"], ["y"], "last");
                return b.ToBytes();
            case "NaN half weights":
                var halves = new byte[24];
                BitConverter.TryWriteBytes(halves.AsSpan(10), Half.NaN);
                b.Initializer("w", OnnxDataType.Float16, halves, 4, 3);
                b.Node("Cast", ["w"], ["wide"]).Int("to", 1);
                b.Node("MatMul", ["x", "wide"], ["y"], "last");
                return b.ToBytes();
        }
        if (problem != "sparse initializer") b.Initializer("w", weights, 4, 3);
        b.Node("MatMul", ["x", "w"], ["y"], "last");
        var graph = b.GraphMessage();
        switch (problem)
        {
            case "sparse initializer":
                graph.Message(15, new ProtoWriter().Message(1, ProtoMessages.Tensor("w", [1f], [1])).Message(2, ProtoMessages.Tensor("", [3L], [1]))
                    .Varints(3, [4, 3]));
                break;
            case "string initializer":
                graph.Message(5, new ProtoWriter().Varints(1, [1]).Varint(2, (int)OnnxDataType.String).String(8, "text").String(6, "abc"));
                break;
            case "string input":
                graph.Message(11, ProtoMessages.ValueInfo("s", OnnxDataType.String, ["N"]));
                break;
            case "sequence input":
                var element = new ProtoWriter().Message(1, new ProtoWriter().Varint(1, (int)OnnxDataType.Float));
                graph.Message(11, new ProtoWriter().String(1, "s").Message(2, new ProtoWriter().Message(4, new ProtoWriter().Message(1, element))));
                break;
            default:
                return b.ToBytes();
        }
        using var stream = new MemoryStream();
        new ProtoWriter().Varint(1, 8).Message(8, ProtoMessages.Opset("", 17)).Message(7, graph).WriteTo(stream);
        return stream.ToArray();
    }

    /// <summary>A node that nobody can run, beside a layer that could be trained.</summary>
    static void Odd(OnnxBuilder b, string type, string domain = "") => b.Node(type, ["x"], ["unread"], "odd", domain);

    static OnnxNodeBuilder Dequantized(OnnxBuilder b, OnnxDataType type, byte[] raw, float[] scales)
    {
        b.Initializer("q", type, raw, 4, 3).Initializer("s", scales, scales.Length == 1 ? [] : [scales.Length]);
        var node = b.Node("DequantizeLinear", ["q", "s"], ["w"], "odd");
        b.Node("MatMul", ["x", "w"], ["y"], "last");
        return node;
    }
}
