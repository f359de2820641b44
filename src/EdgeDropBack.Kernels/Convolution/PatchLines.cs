namespace EdgeDropBack.Kernels;

/// <summary>
/// The im2col matrix of x without the matrix: line = (ic, ky, kx) of a group, elements = (sample, oy, ox).
/// </summary>
/// <param name="alongDepth">Whether a line is a lane (weight gradient); else it is a depth (forward).</param>
unsafe struct PatchLines(float* x, in ConvShape s, bool alongDepth) : IOperand, ILines
{
    readonly ConvShape _shape = s;
    readonly PlaneWindow _window = new(s.InHeight, s.InWidth, s.OutHeight, s.OutWidth, s.StrideHeight, s.StrideWidth);
    readonly int _channels = s.InChannels / s.Groups;
    readonly int _taps = s.Taps;

    public readonly void Pack(int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride, float* destination,
        float* staging)
    {
        var lines = this;
        if (alongDepth)
            Packing.Along(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
        else
            Packing.Across(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
    }

    public readonly float* Rows(int group, int lane, int depthStart, out nint laneStride)
    {
        laneStride = 0;
        return null;
    }

    public readonly float* Load(int group, int line, int start, int count, float* staging)
    {
        int channel = group * _channels + line / _taps, tap = line % _taps;
        var offsetY = tap / _shape.KernelWidth * _shape.DilationHeight - _shape.PadTop;
        var offsetX = tap % _shape.KernelWidth * _shape.DilationWidth - _shape.PadLeft;
        var planes = x + (nint)channel * _shape.InPlane;
        return Samples.Load(_window, planes, (nint)_shape.InChannels * _shape.InPlane, offsetY, offsetX, start, count, staging);
    }
}
