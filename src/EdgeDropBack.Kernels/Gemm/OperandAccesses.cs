namespace EdgeDropBack.Kernels;

/// <summary>What <see cref="IOperand.Pack"/> reads of a block of its side.</summary>
abstract class OperandAccesses
{
    /// <param name="width">Lanes of a panel.</param>
    public abstract void Pack(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, int width, MemoryBlock staging);
}

/// <summary><see cref="DenseOperand"/>.</summary>
sealed class DenseOperandAccesses(MemoryBlock data, int laneStride, int depthStride) : OperandAccesses
{
    public override void Pack(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, int width, MemoryBlock staging)
    {
        if (laneStride == 1)
            Lines(s, depthStart, depth, depthStride, lane, lanes, 1);
        else
            Lines(s, lane, lanes, laneStride, depthStart, depth, depthStride);
    }

    void Lines(AccessStream s, int line, int lines, int lineStride, int start, int count, int step)
    {
        for (long l = line; l < line + lines; l++)
        {
            if (step == 1) s.Read(data, l * lineStride + start, count);
            else for (long i = start; i < start + count; i++) s.Read(data, l * lineStride + i * step, 1);
        }
    }
}

/// <summary><see cref="WeightOperand"/>.</summary>
sealed class WeightOperandAccesses(WeightAccesses weights, int rowLength, long groupLength, bool alongDepth) : OperandAccesses
{
    public override void Pack(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, int width, MemoryBlock staging)
    {
        var (line, lines, start, count) = alongDepth ? (lane, lanes, depthStart, depth) : (depthStart, depth, lane, lanes);
        for (var l = line; l < line + lines; l++) s.Read(Load(s, group, l, start, count, staging), 0, count);
    }

    public MemoryBlock Load(AccessStream s, int group, int line, int start, int count, MemoryBlock staging)
        => weights.Load(s, group * groupLength + (long)line * rowLength + start, count, staging);
}
