using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>The graph of a model, or of its suffix: behind nodes that the user named, or behind operators that this engine lacks.</summary>
static class PrefixImport
{
    const int MostCuts = 8;

    /// <param name="trainFrom">As <see cref="PrefixCut.At"/> takes it; null freezes only what has to be.</param>
    /// <exception cref="EdbException">Exit code 3: the model cannot be used, not even so; 2: it cannot be cut there.</exception>
    public static TrainableGraph Open(OnnxModel model, ImportOptions import, string? trainFrom)
    {
        var own = TrainableGraph.OfFirstOutput(model, import with { NewHead = null }, options => OpenOutput(model, options, trainFrom));
        if (import.NewHead is null) return own;
        own.Dispose();
        var resized = own.Import with { NewHead = import.NewHead, Cut = null };
        ResizedHead.Require(model, resized);
        return OpenOutput(model, resized, trainFrom);
    }

    static TrainableGraph OpenOutput(OnnxModel model, ImportOptions import, string? trainFrom)
    {
        var output = import.Output ?? "";
        if (trainFrom is not null) return Import(model, import, Seeded(model, import, PrefixCut.At(model, trainFrom, output)));
        // What the model's other outputs need has to be usable too: `run` and the export have them.
        var whole = import with { KeepsOtherOutputs = NodeReads.LeadingTo(model.Graph, output).Contains(false) };
        var (verdicts, graph, _) = GraphImporter.Inspect(model, whole);
        if (graph is not null) return new(whole == import ? graph : GraphImporter.Import(model, import), null, import);
        var unsupported = Unsupported(verdicts);
        if (PrefixRuntimes.Current is null || unsupported.Count == 0 || model.Graph.Inputs.Count(input => model.Graph.Initializer(input.Name) is null) != 1)
            return new(GraphImporter.Import(model, whole), null, whole);
        for (var i = 0; i < MostCuts && PrefixCut.Behind(model, unsupported, output) is { } cut; i++)
        {
            var prefix = OpenBehind(model, import, cut);
            try
            {
                var options = import with { Cut = prefix.ToImport() };
                var behind = GraphImporter.Inspect(model, options);
                if (behind.Graph is not null) return new(behind.Graph, prefix, options);
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
        return new(GraphImporter.Import(model, whole), null, whole);
    }

    /// <summary>Weights that a function of the file computes are the file's own in front of the cut: another seed would not reach them.</summary>
    static PrefixCut Seeded(OnnxModel model, ImportOptions import, PrefixCut cut)
        => import.BaseSeed is { } seed && model.Graph.Nodes.Any(node => cut.Prefix[node.Ordinal] && FunctionCall.Find(model, node)?.Base is not null)
            ? throw EdbException.Usage($"--train-from: the frozen part's weights are those of the file's seed, not of {seed}; leave --seed or --train-from out")
            : cut;

    static TrainableGraph Import(OnnxModel model, ImportOptions import, PrefixCut cut)
    {
        var prefix = FrozenPrefix.Open(model, cut, import);
        try
        {
            var options = import with { Cut = prefix.ToImport() };
            return new(GraphImporter.Import(model, options), prefix, options);
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
