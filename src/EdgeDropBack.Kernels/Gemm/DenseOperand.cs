namespace EdgeDropBack.Kernels;

/// <summary>A strided matrix in memory, as either side; groups lie <paramref name="groupStride"/> apart.</summary>
unsafe struct DenseOperand(float* data, int laneStride, int depthStride, int groupStride = 0) : IOperand, ILines
{
    public readonly void Pack(int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride, float* destination,
        float* staging)
    {
        var lines = this;
        if (laneStride == 1)
            Packing.Across(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
        else
            Packing.Along(ref lines, group, lane, lanes, depthStart, depth, width, panelStride, destination, staging);
    }

    public readonly float* Rows(int group, int lane, int depthStart, out nint rowStride)
    {
        rowStride = laneStride;
        return depthStride == 1 && laneStride != 1 ? data + (nint)group * groupStride + (nint)lane * laneStride + depthStart : null;
    }

    public readonly float* Load(int group, int line, int start, int count, float* staging)
    {
        var (lineStride, step) = laneStride == 1 ? (depthStride, 1) : (laneStride, depthStride);
        var source = data + (nint)group * groupStride + (nint)line * lineStride + (nint)start * step;
        if (step == 1)
            return source;
        for (var i = 0; i < count; i++)
            staging[i] = source[(nint)i * step];
        return staging;
    }
}
