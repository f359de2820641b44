using EdgeDropBack.Data;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Puts the nodes of a graph or function behind those whose outputs they read, as the format asks for. Files of some converters and editors are
/// written otherwise. A node moves only as far to the front as another needs it, in linear time.
/// </summary>
static class NodeOrder
{
    const int CycleShown = 5;

    /// <returns>Positions in the file, in the order to compute in; null where that is the file's.</returns>
    /// <exception cref="EdbException">Exit code 3, with the nodes of a cycle.</exception>
    public static int[]? Of(string file, IReadOnlyList<OnnxNode> nodes)
    {
        var writers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Count; i++)
            foreach (var output in nodes[i].Outputs) if (output.Length > 0) writers.TryAdd(output, i);
        var before = new int[nodes.Count][];
        var isSorted = true;
        for (var i = 0; i < nodes.Count; i++)
        {
            before[i] = [.. NodeInputs.Of(nodes[i]).Select(name => writers.GetValueOrDefault(name, -1)).Where(writer => writer >= 0)];
            isSorted &= Array.TrueForAll(before[i], writer => writer < i);
        }
        return isSorted ? null : Sort(file, nodes, before);
    }

    /// <summary>Depth first, without recursion.</summary>
    static int[] Sort(string file, IReadOnlyList<OnnxNode> nodes, int[][] before)
    {
        var order = new List<int>(nodes.Count);
        var path = new Stack<int>();
        var (isOpen, isPlaced, next) = (new bool[nodes.Count], new bool[nodes.Count], new int[nodes.Count]);
        for (var root = 0; root < nodes.Count; root++)
        {
            if (!isPlaced[root]) Enter(root);
            while (path.TryPeek(out var node))
            {
                if (next[node] < before[node].Length)
                {
                    var needed = before[node][next[node]++];
                    if (isOpen[needed]) throw Cycle(file, nodes, [.. path.TakeWhile(open => open != needed).Append(needed)]);
                    if (!isPlaced[needed]) Enter(needed);
                    continue;
                }
                path.Pop();
                isOpen[node] = false;
                isPlaced[node] = true;
                order.Add(node);
            }
        }
        return [.. order];

        void Enter(int node)
        {
            path.Push(node);
            isOpen[node] = true;
        }
    }

    static EdbException Cycle(string file, IReadOnlyList<OnnxNode> nodes, int[] cycle)
    {
        var shown = string.Join(", ", cycle.Take(CycleShown).Select(node => nodes[node].ToString()));
        var more = cycle.Length > CycleShown ? $" and {cycle.Length - CycleShown} more" : "";
        return EdbException.Refused($"{Printable.Name(file)}: the nodes form a cycle: {shown}{more} {(cycle.Length == 1 ? "reads its own output" : "each read what the next one writes")}; "
            + "export the model again");
    }
}
