using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Decides per parameter how it is read: through a weight source by the one node that packs it, or through a
/// <see cref="ReadParameter"/> node where it is small, used by an operator that does not pack, or shared by several nodes
/// (whose gradients are then summed before they are scored once).
/// </summary>
static class ParameterReads
{
    public static IReadOnlyList<Node> Insert(IReadOnlyList<Node> nodes, Func<string, Shape, ValueKind, Value> newValue)
    {
        var uses = new Dictionary<Parameter, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            foreach (var read in node.Inputs.Select(input => input?.Parameter).OfType<Parameter>().Distinct()) read.Readers++;
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i]?.Parameter is not { } parameter) continue;
                if (parameter.Role == ParameterRole.Other) parameter.Role = node.Operator.RoleOf(i);
                parameter.RowDims = node.Operator.RowDims(i);
                uses[parameter] = uses.GetValueOrDefault(parameter) + (node.Operator.TakesWeights(i) ? 1 : 2);
            }
        }
        foreach (var (parameter, count) in uses) parameter.IsMatrix = count == 1;

        var result = new List<Node>(nodes.Count + uses.Count);
        var reads = new Dictionary<Parameter, Value>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            if (!node.Inputs.Any(input => input?.Parameter is { IsMatrix: false }))
            {
                result.Add(node);
                continue;
            }
            var inputs = node.Inputs.ToArray();
            for (var i = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is not { Parameter: { IsMatrix: false } parameter } value) continue;
                if (!reads.TryGetValue(parameter, out var read))
                {
                    reads[parameter] = read = newValue(parameter.Name, parameter.Shape, ValueKind.Activation);
                    result.Add(new Node(parameter.Name, new ReadParameter(), [value], [read]));
                }
                inputs[i] = read;
            }
            result.Add(new Node(node.Name, node.Operator, inputs, [.. node.Outputs]));
        }
        return result;
    }
}
