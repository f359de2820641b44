using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// `--new-head`: the weights of the last layer under another number of outputs. Weights come from the seed (LeCun normal,
/// standard deviation 1 / sqrt(fan in)), biases are zero.
/// </summary>
sealed class HeadReplacement
{
    /// <summary>By name of the initializer, or of the copy of one behind an Identity node.</summary>
    readonly Dictionary<string, (OnnxTensor Tensor, Shape Shape, ParameterBase Base)> _replaced = new(StringComparer.Ordinal);

    /// <summary>The node whose weights are replaced.</summary>
    public required OnnxNode Node { get; init; }

    /// <summary>Finds the last layer: the last Gemm, MatMul or Conv whose weights are an initializer, and an Add of a bias behind it.</summary>
    /// <param name="leadsToOutput">By node ordinal: what the trained output depends on; null for all.</param>
    /// <exception cref="EdbException">Exit code 3: there is none, or another node reads its weights.</exception>
    public static HeadReplacement Find(OnnxModel model, NewHead head, bool[]? leadsToOutput)
    {
        var (nodes, readers) = (model.Graph.Nodes, new ValueReaders(model));
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (leadsToOutput?[i] == false) continue;
            if (node.OpType == "If" || FunctionCall.Find(model, node) is { Base: null }) throw Hidden(model, node, "may hold the last layer; export the model without branches and functions");
            if (node.OpType is not ("Gemm" or "MatMul" or "Conv") || node.Inputs.Count < 2) continue;
            if (Weights(model, readers, node.Inputs[1]) is not { } found)
            {
                if (IsKnown(model, node.Inputs[1])) throw Hidden(model, node, "has weights that are no initializer of its own; export the model with its weights as plain initializers");
                continue;
            }
            var replacement = new HeadReplacement { Node = node };
            replacement.ReplaceWeights(found.Name, found.Tensor, node, found.Transposed, head);
            if (node.Inputs.Count > 2) replacement.ReplaceBias(model, readers, node.Inputs[2], head);
            var add = node.Inputs.Count > 2 ? null
                : nodes.FirstOrDefault(n => n.OpType == "Add" && leadsToOutput?[n.Ordinal] != false && n.Inputs.Contains(node.Outputs[0]));
            if (add is not null) replacement.ReplaceBias(model, readers, add.Inputs.First(input => input != node.Outputs[0]), head);
            replacement.RequireSoleReaders(model, readers, [node, add]);
            return replacement;
        }
        throw EdbException.Refused($"{model.Path}: --new-head found no Gemm, MatMul or Conv with weights to replace; give a model that ends in one");
    }

    static EdbException Hidden(OnnxModel model, OnnxNode node, string reason) => EdbException.Refused($"{model.Path}: --new-head: node {node} {reason}");

    /// <summary>Whether a value is computed of initializers and constants alone.</summary>
    static bool IsKnown(OnnxModel model, string name, int depth = 0)
    {
        const int MaxDepth = 16;
        if (model.Graph.Initializer(name) is not null) return true;
        if (depth > MaxDepth || model.Graph.Nodes.FirstOrDefault(n => n.Outputs.Contains(name)) is not { } writer) return false;
        return writer.Inputs.Where(input => input.Length > 0).All(input => IsKnown(model, input, depth + 1));
    }

    /// <summary>Refuses to resize weights that a node other than the last layer's reads too.</summary>
    void RequireSoleReaders(OnnxModel model, ValueReaders readers, IReadOnlyList<OnnxNode?> layer)
    {
        foreach (var initializer in _replaced.Keys)
        {
            var names = new HashSet<string>(StringComparer.Ordinal) { initializer };
            foreach (var node in model.Graph.Nodes.Where(node => node.Inputs.Any(names.Contains) && !layer.Contains(node)))
            {
                if (node.OpType == "Identity" && readers.Of(node.Inputs[0]) > 1) continue;
                if (node.OpType is not ("Transpose" or "Identity" or "DequantizeLinear" or "QuantizeLinear"))
                    throw EdbException.Refused($"{model.Path}: --new-head gives node {Node} other weights than '{initializer}', which node {node} reads too; "
                        + "give a model whose last layer has weights of its own");
                names.UnionWith(node.Outputs);
            }
        }
    }

    /// <summary>The operand in place of an initializer; null where that stays.</summary>
    public Operand? Replace(OnnxTensor tensor) => ReplaceCopy(tensor.Name);

    /// <summary>The operand in place of an initializer's copy behind an Identity node; null where that stays.</summary>
    public Operand? ReplaceCopy(string name) => _replaced.TryGetValue(name, out var replaced)
        ? new Operand { Initializer = replaced.Tensor, InitializerName = name, Shape = replaced.Shape, Base = replaced.Base }
        : null;

    static (string Name, OnnxTensor Tensor, bool Transposed)? Weights(OnnxModel model, ValueReaders readers, string name)
    {
        name = BehindQuantization(model, name);
        if (Stored(model, readers, name) is { } stored) return (stored.Name, stored.Tensor, false);
        var transpose = model.Graph.Nodes.FirstOrDefault(n => n.OpType == "Transpose" && n.Outputs.Contains(name));
        return transpose is not null && Stored(model, readers, BehindQuantization(model, transpose.Inputs[0])) is { } behind ? (behind.Name, behind.Tensor, true) : null;
    }

    /// <summary>The initializer that a name stands for, under the name that it has as a parameter: behind an Identity node the copy's, where others read it too.</summary>
    static (string Name, OnnxTensor Tensor)? Stored(OnnxModel model, ValueReaders readers, string name)
    {
        var copy = default(string);
        while (model.Graph.Initializer(name) is null)
        {
            if (model.Graph.Nodes.FirstOrDefault(n => n.OpType == "Identity" && n.Outputs.Contains(name)) is not { Inputs: [var behind, ..] }) return null;
            if (readers.Of(behind) > 1) copy ??= name;
            name = behind;
        }
        return (copy ?? name, model.Graph.Initializer(name)!);
    }

    /// <summary>The value that a quantized one was made of.</summary>
    static string BehindQuantization(OnnxModel model, string name)
    {
        bool Writes(OnnxNode node) => node.OpType is "DequantizeLinear" or "QuantizeLinear" && node.Outputs.Contains(name);
        while (model.Graph.Nodes.FirstOrDefault(Writes) is { Inputs: [var behind, ..] }) name = behind;
        return name;
    }

    void ReplaceWeights(string name, OnnxTensor tensor, OnnxNode node, bool transposed, NewHead head)
    {
        var shape = ImportShapes.ToShape(tensor.Dims, tensor.ToString());
        var dims = shape.ToArray();
        var outputsFirst = node.OpType == "Conv" || ((node.OpType == "Gemm" && node.Int("transB", 0) != 0) ^ transposed);
        dims[outputsFirst ? 0 : 1] = head.Classes;
        var fanIn = outputsFirst ? shape.Product(1, shape.Rank) : shape[0];
        var scale = 1f / MathF.Sqrt(Math.Max(1, fanIn));
        _replaced[name] = (tensor, new Shape(dims), new RegeneratedParameterBase(new RegeneratedBase(head.Seed, Fnv(name), scale, Distribution.Normal)));
    }

    void ReplaceBias(OnnxModel model, ValueReaders readers, string name, NewHead head)
    {
        if (Stored(model, readers, BehindQuantization(model, name)) is { } bias) _replaced[bias.Name] = (bias.Tensor, new Shape(head.Classes), new ZeroParameterBase());
    }

    /// <summary>Tells tensors of one seed apart by name, so that the order of initializers in the file does not matter (FNV-1a).</summary>
    static uint Fnv(string name)
    {
        var hash = 2166136261u;
        foreach (var c in name) hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }
}
