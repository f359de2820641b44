namespace EdgeDropBack.Kernels;

/// <summary><see cref="TapWeights"/>: all taps of the lanes are read, and those of the phase kept.</summary>
sealed class TapWeightAccesses(WeightAccesses weights, ConvShape shape, int phaseTaps) : OperandAccesses
{
    public override bool IsAlong => shape.Taps != 1;

    public override void Read(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, MemoryBlock staging)
    {
        int channels = shape.InChannels / shape.Groups, outputs = shape.OutChannels / shape.Groups;
        for (var output = depthStart / phaseTaps; output * phaseTaps < depthStart + depth; output++)
        {
            var flat = ((long)(group * outputs + output) * channels + lane) * shape.Taps;
            var chunk = Math.Max(1, TapWeights.ChunkFloats / shape.Taps);
            for (var l = 0; l < lanes; l += chunk)
            {
                var count = Math.Min(chunk, lanes - l) * shape.Taps;
                s.Read(weights.Load(s, flat + (long)l * shape.Taps, count, staging), 0, count);
            }
        }
    }
}
