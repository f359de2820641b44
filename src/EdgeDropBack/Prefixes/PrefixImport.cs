using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>The graph of a model, or of its suffix: behind nodes that the user named, or behind operators that this engine lacks.</summary>
static class PrefixImport
{
    const int MostCuts = 8;

    /// <param name="trainFrom">As <see cref="PrefixCut.At"/> takes it; null freezes only what has to be.</param>
    /// <exception cref="EdbException">Exit code 3: the model cannot be used, not even so; 2: it cannot be cut there.</exception>
    public static (Graph Graph, FrozenPrefix? Prefix) Open(OnnxModel model, ImportOptions import, string? trainFrom)
    {
        if (trainFrom is not null) return Import(model, import, Seeded(model, import, PrefixCut.At(model, trainFrom)));
        var (verdicts, graph, _) = GraphImporter.Inspect(model, import);
        if (graph is not null) return (graph, null);
        var unsupported = Unsupported(verdicts);
        if (PrefixRuntimes.Current is null || unsupported.Count == 0 || model.Graph.Inputs.Count(input => model.Graph.Initializer(input.Name) is null) != 1)
            return (GraphImporter.Import(model, import), null);
        for (var i = 0; i < MostCuts && PrefixCut.Behind(model, unsupported) is { } cut; i++)
        {
            var prefix = OpenBehind(model, import, cut);
            try
            {
                var behind = GraphImporter.Inspect(model, import with { Cut = prefix.ToImport() });
                if (behind.Graph is not null) return (behind.Graph, prefix);
                var before = unsupported.Count;
                unsupported.UnionWith(Unsupported(behind.Verdicts));
                if (unsupported.Count == before) break;
            }
            catch
            {
                prefix.Dispose();
                throw;
            }
            prefix.Dispose();
        }
        return (GraphImporter.Import(model, import), null);
    }

    /// <summary>Weights that a function of the file computes are the file's own in front of the cut: another seed would not reach them.</summary>
    static PrefixCut Seeded(OnnxModel model, ImportOptions import, PrefixCut cut)
        => import.BaseSeed is { } seed && model.Graph.Nodes.Any(node => cut.Prefix[node.Ordinal] && FunctionCall.Find(model, node)?.Base is not null)
            ? throw EdbException.Usage($"--train-from: the frozen part's weights are those of the file's seed, not of {seed}; leave --seed or --train-from out")
            : cut;

    static (Graph Graph, FrozenPrefix Prefix) Import(OnnxModel model, ImportOptions import, PrefixCut cut)
    {
        var prefix = FrozenPrefix.Open(model, cut, import);
        try
        {
            return (GraphImporter.Import(model, import with { Cut = prefix.ToImport() }), prefix);
        }
        catch
        {
            prefix.Dispose();
            throw;
        }
    }

    /// <summary>Names the operators that are missing beside what the other runtime has to say.</summary>
    static FrozenPrefix OpenBehind(OnnxModel model, ImportOptions import, PrefixCut cut)
    {
        try
        {
            return FrozenPrefix.Open(model, cut, import);
        }
        catch (EdbException e) when (e.ExitCode == 3)
        {
            try
            {
                GraphImporter.Import(model, import);
            }
            catch (EdbException missing) when (missing.ExitCode == 3)
            {
                throw EdbException.Refused($"{missing.Message}; nor can that part be frozen: {e.Message}", e);
            }
            throw;
        }
    }

    static HashSet<int> Unsupported(IReadOnlyList<NodeVerdict> verdicts) => [.. verdicts.Where(v => v.Verdict == Verdict.Unsupported).Select(v => v.Ordinal)];
}
