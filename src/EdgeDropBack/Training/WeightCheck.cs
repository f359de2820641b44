using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>Looks for weights that are no numbers, before anything is trained on them.</summary>
static class WeightCheck
{
    const int Chunk = 4096;

    /// <exception cref="EdbException">Exit code 3, with the node, the initializer and the place.</exception>
    public static void Require(string path, Graph graph)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var buffer = new float[Chunk];
        foreach (var node in graph.Nodes)
        {
            foreach (var value in node.Inputs)
            {
                if (value is null || !seen.Add((object?)value.Parameter ?? value)) continue;
                if (FirstNaN(value, buffer) is var at && at < 0) continue;
                var reader = node.Operator is ReadParameter ? graph.Nodes.First(other => other.Inputs.Contains(node.Outputs[0])) : node;
                throw EdbException.Refused($"{path}: node {reader} reads '{value.Name}', whose element {at} is NaN; "
                    + "the training that made the model went wrong, or the file is damaged: export it again from a good checkpoint");
            }
        }
    }

    static int FirstNaN(Value value, float[] buffer)
    {
        if (value.Parameter is not { } parameter) return value.Constant is { } constant ? constant.AsSpan().IndexOf(float.NaN) : -1;
        if (parameter.Base.Kind is not (BaseKind.Float32 or BaseKind.Float16 or BaseKind.BFloat16 or BaseKind.RoundedFloat32)) return -1;
        var source = parameter.Source();
        for (var start = 0; start < parameter.Count; start += buffer.Length)
        {
            var part = buffer.AsSpan(0, Math.Min(buffer.Length, parameter.Count - start));
            source.CopyTo(start, part);
            if (part.IndexOf(float.NaN) is var at and >= 0) return start + at;
        }
        return -1;
    }
}
