namespace EdgeDropBack.Kernels;

/// <summary>What <see cref="IOperand.Pack"/> reads of a block of its side.</summary>
abstract class OperandAccesses
{
    /// <summary>Whether panels are filled one after the other, by <see cref="Packing.Along"/>, or all together, a depth at a time.</summary>
    public abstract bool IsAlong { get; }

    /// <summary>Whether <see cref="IOperand.Rows"/> finds it where it is read.</summary>
    public virtual bool LiesInRows => false;

    public abstract void Read(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, MemoryBlock staging);

    /// <summary>Reads a block and writes its panels, in the order of <see cref="Packing"/>.</summary>
    public void Pack(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, int width, long panelStride, MemoryBlock destination,
        MemoryBlock staging)
    {
        if (IsAlong)
        {
            for (var first = 0; first < lanes; first += width)
            {
                Read(s, group, lane + first, Math.Min(width, lanes - first), depthStart, depth, staging);
                s.Write(destination, first / width * panelStride, (long)depth * width);
            }
            return;
        }
        for (var d = 0; d < depth; d++)
        {
            Read(s, group, lane, lanes, depthStart + d, 1, staging);
            s.WriteRows(destination.From((long)d * width), GemmTuning.DivideUp(lanes, width), panelStride, width);
        }
    }
}

/// <summary><see cref="DenseOperand"/>.</summary>
sealed class DenseOperandAccesses(MemoryBlock data, int laneStride, int depthStride) : OperandAccesses
{
    public override bool IsAlong => laneStride != 1;

    public override bool LiesInRows => depthStride == 1 && laneStride != 1;

    public override void Read(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, MemoryBlock staging)
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
    public override bool IsAlong => alongDepth;

    public override void Read(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, MemoryBlock staging)
    {
        var (line, lines, start, count) = alongDepth ? (lane, lanes, depthStart, depth) : (depthStart, depth, lane, lanes);
        for (var l = line; l < line + lines; l++) s.Read(Load(s, group, l, start, count, staging), 0, count);
    }

    public MemoryBlock Load(AccessStream s, int group, int line, int start, int count, MemoryBlock staging)
        => weights.Load(s, group * groupLength + (long)line * rowLength + start, count, staging);

    /// <inheritdoc cref="WeightOperand.Stored"/>
    public bool IsStored => weights.IsStored;

    public MemoryBlock Stored(int line, int start) => weights.Base.From((long)line * rowLength + start);

    public void Fill(AccessStream s, int line, int start, int count, MemoryBlock destination)
        => weights.Fill(s, (long)line * rowLength + start, count, destination);
}
