using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>
/// Where a model is cut: some nodes and all that depends on them are trained, the suffix; what they need in front of them is frozen, the
/// prefix. The suffix may read any number of values of the prefix, and no others than its first nodes read.
/// </summary>
sealed class PrefixCut
{
    /// <summary>The note of a store that says where its model was cut.</summary>
    public const string Note = "trainFrom";

    const char Separator = ',';
    const int LongestSpec = 800;

    readonly NodeReads _reads;
    readonly bool[] _suffix;
    readonly int[] _starts;

    PrefixCut(NodeReads reads, bool[] suffix, int[] starts, CutReads crossing)
    {
        (_reads, _suffix, _starts) = (reads, suffix, starts);
        (Values, Constants) = (crossing.Values, crossing.Constants);
        Prefix = reads.WithAncestors([.. Values.Concat(Constants).Select(reads.Writer).Where(writer => writer >= 0)]);
        var front = Enumerable.Range(0, Prefix.Length).Where(i => Prefix[i]).SelectMany(reads.Of).ToHashSet(StringComparer.Ordinal);
        Shared = Enumerable.Range(0, Prefix.Length).Where(i => Suffix[i]).SelectMany(reads.Of)
            .Where(name => front.Contains(name) && Tensor(reads, name) is not null).ToHashSet(StringComparer.Ordinal);
        if (Spec.Length > LongestSpec) throw EdbException.Usage($"the part to train begins in {starts.Length} nodes; give one further behind with --train-from");
    }

    /// <summary>Names of the values that a sample is handed to the suffix as, in the order of their first use.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Names of values that the prefix computes and that no sample decides, such as a shape made from a shape.</summary>
    public IReadOnlyList<string> Constants { get; }

    /// <summary>Initializers and Constant nodes that prefix and suffix both read: they are not trained, since the prefix would change with them.</summary>
    public IReadOnlySet<string> Shared { get; }

    /// <summary>The first nodes of the suffix, as <see cref="At"/> takes them: "#" and the position in the file, joined by commas.</summary>
    public string Spec => string.Join(Separator, _starts.Select(start => $"#{start}"));

    /// <summary>By node ordinal: computed in front. A node of constants can be in both parts.</summary>
    internal bool[] Prefix { get; }

    /// <summary>By node ordinal: imported and trained.</summary>
    internal bool[] Suffix => _suffix;

    internal IReadOnlyList<string> ReadsOf(int node) => _reads.Of(node);

    /// <summary>Nodes of the prefix.</summary>
    public int PrefixNodes => Prefix.Count(isIn => isIn);

    /// <summary>The first nodes of the suffix as messages name them.</summary>
    public string Starts => string.Join(", ", _starts.Select(start => _reads.Graph.Nodes[start].ToString()));

    /// <summary>The values as messages name them.</summary>
    public string ValueNames => Printable.List(Values);

    /// <summary>A cut in front of nodes that the user names.</summary>
    /// <param name="spec">Node or value names, or "#" and a position in the file; joined by commas.</param>
    /// <param name="output">The output that is trained: what does not lead to it is in neither part.</param>
    /// <exception cref="EdbException">Exit code 2: there is no such node, or nothing can be cut there.</exception>
    public static PrefixCut At(OnnxModel model, string spec, string output)
    {
        var reads = Reads(model);
        var leads = NodeReads.LeadingTo(model.Graph, output);
        var named = Find(model, spec);
        var starts = named.Where(start => leads[start]).ToArray();
        if (starts.Length == 0)
            throw EdbException.Usage($"--train-from: {string.Join(", ", named.Select(start => model.Graph.Nodes[start].ToString()))} does not lead to output "
                + $"'{Printable.Name(output)}'; name a node in front of it");
        var suffix = reads.WithDescendants(starts);
        for (var i = 0; i < suffix.Length; i++) suffix[i] &= leads[i];
        var crossing = new CutReads(reads, suffix);
        var exposed = starts.SelectMany(reads.Of).ToHashSet(StringComparer.Ordinal);
        if (crossing.Values.Where(value => !exposed.Contains(value)).ToArray() is { Length: > 0 } hidden)
        {
            var readers = model.Graph.Nodes.Where(node => suffix[node.Ordinal] && reads.Of(node.Ordinal).Any(hidden.Contains)).ToArray();
            var more = readers.Length == 1 ? ReferTo(readers[0]) : "the nodes that read them";
            throw EdbException.Usage($"--train-from {Printable.Name(spec)}: the part to train reaches back into the frozen one: it reads "
                + $"{Printable.List(hidden)} in {string.Join(", ", readers.Take(3).Select(r => r.ToString()))}; name {more} as well "
                + $"(--train-from A,B), or a node behind");
        }
        return Checked(new PrefixCut(reads, suffix, starts, crossing));
    }

    /// <summary>
    /// A cut behind nodes that cannot be imported, in front of the first weights there; null where nothing is left to train behind them.
    /// </summary>
    /// <param name="unsupported">Ordinals.</param>
    /// <param name="output">As in <see cref="At"/>.</param>
    internal static PrefixCut? Behind(OnnxModel model, IReadOnlyCollection<int> unsupported, string output)
    {
        var reads = Reads(model);
        var leads = NodeReads.LeadingTo(model.Graph, output);
        var frozen = reads.WithAncestors(unsupported);
        var written = Enumerable.Range(0, frozen.Length).Where(i => frozen[i]).SelectMany(i => model.Graph.Nodes[i].Outputs).ToHashSet(StringComparer.Ordinal);
        var behind = Enumerable.Range(0, frozen.Length).Where(i => !frozen[i] && reads.Of(i).Any(written.Contains)).ToArray();
        var reached = reads.WithDescendants(behind);
        int[] weighted = [.. Enumerable.Range(0, reached.Length).Where(i => reached[i] && leads[i] && reads.Of(i).Any(name => IsWeight(reads, name)))];
        if (weighted.Length == 0) return null;
        var suffix = reads.WithDescendants(weighted);
        for (var i = 0; i < suffix.Length; i++) suffix[i] &= leads[i];
        var crossing = new CutReads(reads, suffix);
        var starts = Enumerable.Range(0, suffix.Length).Where(i => suffix[i] && reads.Of(i).Any(crossing.Values.Contains)).ToArray();
        return crossing.Values.Any(value => reads.Writer(value) >= 0)
            ? new PrefixCut(reads, suffix, starts, new CutReads(reads, suffix))
            : null;
    }

    static bool IsWeight(NodeReads reads, string name)
    {
        return Tensor(reads, name) is { ElementCount: > 1 } tensor && tensor.DataType.IsFloatingPoint();
    }

    /// <summary>The initializer, or the tensor of a Constant node, of that name.</summary>
    static OnnxTensor? Tensor(NodeReads reads, string name) => reads.Graph.Initializer(name)
        ?? (reads.Writer(name) is >= 0 and var writer && reads.Graph.Nodes[writer] is { OpType: "Constant" } node
            && node.Attribute("value") is { Type: OnnxAttributeType.Tensor } ? node.Tensor("value") : null);

    static NodeReads Reads(OnnxModel model)
    {
        ModelInputs.Only(model);
        return new NodeReads(model.Graph);
    }

    static PrefixCut Checked(PrefixCut cut)
    {
        if (!cut.Values.Any(value => cut._reads.Writer(value) >= 0))
            throw EdbException.Usage($"--train-from: nothing is in front of {cut.Starts} that could be frozen; leave --train-from out");
        return cut;
    }

    static int[] Find(OnnxModel model, string spec)
    {
        if (Ordinal(model, spec) is { } whole) return [whole];
        return [.. spec.Split(Separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => Ordinal(model, name)
            ?? throw EdbException.Usage($"--train-from {Printable.Name(name)}: {model.Path} has no node or value of that name; the nearest are "
                + NearestNames.List(name, model.Graph.Nodes.Select(node => node.Name).Concat(model.Graph.Nodes.SelectMany(node => node.Outputs)).Where(n => n.Length > 0))))
            .Distinct().Order().DefaultIfEmpty(-1).Select(o => o >= 0 ? o : throw EdbException.Usage("--train-from names no node"))];
    }

    static int? Ordinal(OnnxModel model, string name)
    {
        var nodes = model.Graph.Nodes;
        var named = nodes.Where(node => node.Name == name && name.Length > 0).ToArray();
        if (named.Length > 1) throw EdbException.Usage($"--train-from {Printable.Name(name)}: {named.Length} nodes have that name; give {string.Join(" or ", named.Take(3).Select(n => $"#{n.Ordinal}"))}");
        if (named.Length == 1) return named[0].Ordinal;
        if (name.Length > 0 && nodes.FirstOrDefault(node => node.Outputs.Contains(name)) is { } writer) return writer.Ordinal;
        return name.StartsWith('#') && int.TryParse(name.AsSpan(1), System.Globalization.NumberStyles.None, null, out var ordinal) && ordinal < nodes.Count ? ordinal : null;
    }

    static string ReferTo(OnnxNode node) => node.Name.Length > 0 ? $"'{Printable.Name(node.Name)}'" : $"#{node.Ordinal}";
}
