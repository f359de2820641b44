namespace EdgeDropBack.Kernels;

/// <summary><see cref="OutputLines"/>.</summary>
sealed class OutputLineAccesses(MemoryBlock dy, ConvShape shape) : OperandAccesses
{
    public override bool IsAlong => true;

    public override bool LiesInRows => true;

    public override void Read(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, MemoryBlock staging)
    {
        var (sample, position) = Math.DivRem(depthStart, shape.OutPlane);
        var channel = (long)sample * shape.OutChannels + group * (shape.OutChannels / shape.Groups) + lane;
        for (var l = 0; l < lanes; l++) s.Read(dy, (channel + l) * shape.OutPlane + position, depth);
    }
}
