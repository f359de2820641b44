namespace EdgeDropBack.Kernels;

/// <summary>dy as it lies: line = oc of the group = lane, elements = (sample, output position) = depth, within one sample at a time.</summary>
unsafe struct OutputLines(float* dy, in ConvShape s) : IOperand, ILines
{
    readonly int _groupChannels = s.OutChannels / s.Groups;
    readonly int _plane = s.OutPlane;
    readonly int _channels = s.OutChannels;

    public readonly void Pack(int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride, float* destination,
        float* staging)
    {
        var lines = this;
        Packing.Along(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
    }

    public readonly float* Rows(int group, int lane, int depthStart, out nint laneStride)
    {
        laneStride = _plane;
        return Load(group, lane, depthStart, 0, null);
    }

    public readonly float* Load(int group, int line, int start, int count, float* staging)
    {
        var (sample, position) = Math.DivRem(start, _plane);
        return dy + ((nint)sample * _channels + group * _groupChannels + line) * _plane + position;
    }
}
