using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>
/// What a suffix reads from outside. Nodes that depend on no input at all (constants and what is made of them) are taken into the suffix;
/// what depends on an input's shape only is the same for every sample.
/// </summary>
sealed class CutReads
{
    /// <summary>What a node's values depend on, each including the one before.</summary>
    enum Dependence
    {
        Nothing,
        Shape,
        Sample,
    }

    readonly List<string> _values = [], _constants = [];

    /// <param name="suffix">By node ordinal; nodes of constants that are needed are added.</param>
    public CutReads(NodeReads reads, bool[] suffix)
    {
        var depends = new Dependence[suffix.Length];
        for (var i = 0; i < depends.Length; i++)
        {
            var most = Dependence.Nothing;
            foreach (var read in reads.Of(i))
            {
                if (reads.Inputs.Contains(read)) most = Dependence.Sample;
                else if (reads.Writer(read) is >= 0 and var writer && writer < i && depends[writer] > most) most = depends[writer];
            }
            depends[i] = most == Dependence.Sample && reads.Graph.Nodes[i] is { Domain: "" or "ai.onnx", OpType: "Shape" or "Size" } ? Dependence.Shape : most;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var trained = Enumerable.Range(0, suffix.Length).Where(i => suffix[i]).ToArray();
        foreach (var i in trained)
        {
            foreach (var read in reads.Of(i))
            {
                var writer = reads.Writer(read);
                if (writer < 0 ? !reads.Inputs.Contains(read) : suffix[writer]) continue;
                if (writer >= 0 && depends[writer] == Dependence.Nothing)
                {
                    Take(reads, suffix, writer);
                }
                else if (seen.Add(read))
                {
                    (writer < 0 || depends[writer] == Dependence.Sample ? _values : _constants).Add(read);
                }
            }
        }
    }

    static void Take(NodeReads reads, bool[] suffix, int node)
    {
        var open = new Stack<int>([node]);
        while (open.TryPop(out var next))
        {
            if (suffix[next]) continue;
            suffix[next] = true;
            foreach (var read in reads.Of(next)) if (reads.Writer(read) is >= 0 and var writer) open.Push(writer);
        }
    }

    /// <summary>Of every sample.</summary>
    public IReadOnlyList<string> Values => _values;

    /// <summary>The same for all samples, but computed from a shape.</summary>
    public IReadOnlyList<string> Constants => _constants;
}
