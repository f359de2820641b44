using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Makes one node of a QuantizeLinear and the DequantizeLinear behind it, as exporters write them around activations, and one value of all
/// that several such give.
/// </summary>
static class QuantizePairs
{
    public static IReadOnlyList<Node> Join(IReadOnlyList<Node> nodes, IReadOnlyList<Value> outputs)
    {
        var quantized = new Dictionary<Value, Node>(ReferenceEqualityComparer.Instance);
        var same = new Dictionary<Value, Value>(ReferenceEqualityComparer.Instance);
        var joined = new Dictionary<Value, Value>(ReferenceEqualityComparer.Instance);
        var result = new List<Node>(nodes.Count);
        foreach (var original in nodes)
        {
            var node = Renamed(original, same);
            if (node.Operator is QuantizationOperator { Form: QuantizationForm.Quantize }) quantized[node.Outputs[0]] = node;
            if (node.Operator is QuantizationOperator { Form: QuantizationForm.Dequantize, Quantization: var quantization }
                && quantized.TryGetValue(node.Inputs[0]!, out var before)
                && quantization.Matches(((QuantizationOperator)before.Operator).Quantization))
            {
                if (joined.TryGetValue(before.Outputs[0], out var value) && !outputs.Contains(node.Outputs[0]))
                {
                    same[node.Outputs[0]] = value;
                    continue;
                }
                joined.TryAdd(before.Outputs[0], node.Outputs[0]);
                node = new Node(node.Name, new QuantizationOperator(QuantizationForm.Both, quantization), [before.Inputs[0]], [.. node.Outputs]);
            }
            result.Add(node);
        }
        var read = result.SelectMany(node => node.Inputs).OfType<Value>().Concat(outputs).ToHashSet<object>(ReferenceEqualityComparer.Instance);
        result.RemoveAll(node => quantized.ContainsKey(node.Outputs[0]) && !read.Contains(node.Outputs[0]));
        return result;
    }

    static Node Renamed(Node node, Dictionary<Value, Value> same)
    {
        if (!node.Inputs.Any(input => input is not null && same.ContainsKey(input))) return node;
        var inputs = node.Inputs.Select(input => input is not null && same.TryGetValue(input, out var value) ? value : input);
        return new Node(node.Name, node.Operator, [.. inputs], [.. node.Outputs]);
    }
}
