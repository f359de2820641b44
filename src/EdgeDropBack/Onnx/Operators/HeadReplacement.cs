using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// `--new-head`: the weights of the last layer under another number of outputs. Weights come from the seed (LeCun normal,
/// standard deviation 1 / sqrt(fan in)), biases are zero.
/// </summary>
sealed class HeadReplacement
{
    readonly Dictionary<string, (Shape Shape, ParameterBase Base)> _replaced = new(StringComparer.Ordinal);

    /// <summary>The node whose weights are replaced.</summary>
    public required OnnxNode Node { get; init; }

    /// <summary>Finds the last layer: the last Gemm, MatMul or Conv whose weights are an initializer, and an Add of a bias behind it.</summary>
    /// <param name="leadsToOutput">By node ordinal: what the trained output depends on; null for all.</param>
    /// <exception cref="EdbException">Exit code 3: there is none, or another node reads its weights.</exception>
    public static HeadReplacement Find(OnnxModel model, NewHead head, bool[]? leadsToOutput)
    {
        var nodes = model.Graph.Nodes;
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (leadsToOutput?[i] == false || node.OpType is not ("Gemm" or "MatMul" or "Conv") || node.Inputs.Count < 2) continue;
            if (Weights(model, node.Inputs[1]) is not { } found) continue;
            var replacement = new HeadReplacement { Node = node };
            replacement.ReplaceWeights(found.Tensor, node, found.Transposed, head);
            if (node.Inputs.Count > 2) replacement.ReplaceBias(model, node.Inputs[2], head);
            var add = node.Inputs.Count > 2 ? null
                : nodes.FirstOrDefault(n => n.OpType == "Add" && leadsToOutput?[n.Ordinal] != false && n.Inputs.Contains(node.Outputs[0]));
            if (add is not null) replacement.ReplaceBias(model, add.Inputs.First(input => input != node.Outputs[0]), head);
            replacement.RequireSoleReaders(model, [node, add]);
            return replacement;
        }
        throw EdbException.Refused($"{model.Path}: --new-head found no Gemm, MatMul or Conv with weights to replace; give a model that ends in one");
    }

    /// <summary>Refuses to resize weights that a node other than the last layer's reads too.</summary>
    void RequireSoleReaders(OnnxModel model, IReadOnlyList<OnnxNode?> layer)
    {
        foreach (var initializer in _replaced.Keys)
        {
            var names = new HashSet<string>(StringComparer.Ordinal) { initializer };
            foreach (var node in model.Graph.Nodes.Where(node => node.Inputs.Any(names.Contains) && !layer.Contains(node)))
            {
                if (node.OpType is not ("Transpose" or "Identity" or "DequantizeLinear" or "QuantizeLinear"))
                    throw EdbException.Refused($"{model.Path}: --new-head gives node {Node} other weights than '{initializer}', which node {node} reads too; "
                        + "give a model whose last layer has weights of its own");
                names.UnionWith(node.Outputs);
            }
        }
    }

    /// <summary>The names of the initializers that are replaced, with their new shapes.</summary>
    public IEnumerable<(string Name, Shape Shape)> Replaced => _replaced.Select(r => (r.Key, r.Value.Shape));

    /// <summary>The operand in place of an initializer; null where that stays.</summary>
    public Operand? Replace(OnnxTensor tensor) => _replaced.TryGetValue(tensor.Name, out var replaced)
        ? new Operand { Initializer = tensor, InitializerName = tensor.Name, Shape = replaced.Shape, Base = replaced.Base }
        : null;

    static (OnnxTensor Tensor, bool Transposed)? Weights(OnnxModel model, string name)
    {
        name = BehindQuantization(model, name);
        if (model.Graph.Initializer(name) is { } tensor) return (tensor, false);
        var transpose = model.Graph.Nodes.FirstOrDefault(n => n.OpType == "Transpose" && n.Outputs.Contains(name));
        return transpose is not null && model.Graph.Initializer(BehindQuantization(model, transpose.Inputs[0])) is { } behind ? (behind, true) : null;
    }

    /// <summary>The value that a quantized one was made of.</summary>
    static string BehindQuantization(OnnxModel model, string name)
    {
        bool Writes(OnnxNode node) => node.OpType is "DequantizeLinear" or "QuantizeLinear" && node.Outputs.Contains(name);
        while (model.Graph.Nodes.FirstOrDefault(Writes) is { Inputs: [var behind, ..] }) name = behind;
        return name;
    }

    void ReplaceWeights(OnnxTensor tensor, OnnxNode node, bool transposed, NewHead head)
    {
        var shape = ImportShapes.ToShape(tensor.Dims, tensor.ToString());
        var dims = shape.ToArray();
        var outputsFirst = node.OpType == "Conv" || ((node.OpType == "Gemm" && node.Int("transB", 0) != 0) ^ transposed);
        dims[outputsFirst ? 0 : 1] = head.Classes;
        var fanIn = outputsFirst ? shape.Product(1, shape.Rank) : shape[0];
        var scale = 1f / MathF.Sqrt(Math.Max(1, fanIn));
        _replaced[tensor.Name] = (new Shape(dims),
            new RegeneratedParameterBase(new RegeneratedBase(head.Seed, Fnv(tensor.Name), scale, Distribution.Normal)));
    }

    void ReplaceBias(OnnxModel model, string name, NewHead head)
    {
        if (model.Graph.Initializer(BehindQuantization(model, name)) is { } bias) _replaced[bias.Name] = (new Shape(head.Classes), new ZeroParameterBase());
    }

    /// <summary>Tells tensors of one seed apart by name, so that the order of initializers in the file does not matter (FNV-1a).</summary>
    static uint Fnv(string name)
    {
        var hash = 2166136261u;
        foreach (var c in name) hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }
}
