using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Traffic;

/// <summary>
/// What the executor itself touches around a node's kernels: the stack, the planned node with its buffers, shapes and operator, and code.
/// The sizes were chosen so that LeNet-300-100's steps agree with callgrind's simulation of the native executable (tools/validate-traffic.md), not
/// measured object by object: they are a few percent of a small network's lines, and nothing of a large one's.
/// </summary>
sealed class ExecutorAccesses(TrainingPlan plan, MemoryBlock block, CacheStream stream)
{
    const int Line = 64, StackBytes = 32 * Line, NodeBytes = 24 * Line, CodeBytes = 24 * Line;

    readonly int _nodes = Nodes(plan);

    /// <summary>The stack, every node's objects, and every node's code of forward and of backward.</summary>
    public static long Bytes(TrainingPlan plan) => StackBytes + Nodes(plan) * (long)(NodeBytes + 2 * CodeBytes);

    public void Dispatch(PlannedNode node, bool isForward)
    {
        stream.Place(isForward ? TrafficPhase.Forward : TrafficPhase.BackwardData, stream.Layers.Of(node.Node));
        stream.WriteBytes(block, 0, StackBytes);
        stream.ReadBytes(block, StackBytes + (long)node.Index * NodeBytes, NodeBytes);
        var code = StackBytes + (long)_nodes * NodeBytes + ((isForward ? 0L : _nodes) + node.Index) * CodeBytes;
        stream.FetchBytes(block, code, CodeBytes);
    }

    static int Nodes(TrainingPlan plan) => plan.Forward.Max(node => node.Index) + 1;
}
