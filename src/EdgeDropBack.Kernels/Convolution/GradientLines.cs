namespace EdgeDropBack.Kernels;

/// <summary>
/// dy gathered for one phase of the input: line = (oc of the group, tap of the phase) = depth, elements = (sample, phase row, phase column).
/// </summary>
unsafe struct GradientLines(float* dy, in ConvShape s, in Phase phase) : IOperand, ILines
{
    readonly PlaneWindow _window = new(s.OutHeight, s.OutWidth, phase.Height, phase.Width, 1, 1);
    readonly Phase _phase = phase;
    readonly int _groupChannels = s.OutChannels / s.Groups;
    readonly nint _plane = s.OutPlane;
    readonly nint _sample = (nint)s.OutPlane * s.OutChannels;

    public readonly void Pack(int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride, float* destination,
        float* staging)
    {
        var lines = this;
        Packing.Across(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
    }

    public readonly float* Rows(int group, int lane, int depthStart, out nint laneStride)
    {
        laneStride = 0;
        return null;
    }

    public readonly float* Load(int group, int line, int start, int count, float* staging)
    {
        var channel = group * _groupChannels + line / _phase.Taps;
        var (offsetY, offsetX) = _phase.Offset(line % _phase.Taps);
        return Samples.Load(_window, dy + channel * _plane, _sample, offsetY, offsetX, start, count, staging);
    }
}
