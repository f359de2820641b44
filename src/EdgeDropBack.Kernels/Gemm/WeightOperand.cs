namespace EdgeDropBack.Kernels;

/// <summary>
/// A weight matrix stored in rows of <paramref name="rowLength"/>, as the right side of a dense layer or the left side of a convolution
/// (groups follow each other, <paramref name="groupLength"/> weights each).
/// </summary>
/// <param name="alongDepth">Whether a stored row is one lane and runs over depth; else it is one depth and runs over lanes.</param>
/// <param name="origin">Weights in front of the matrix.</param>
unsafe struct WeightOperand(WeightView weights, int rowLength, long groupLength, bool alongDepth, long origin = 0) : IOperand, ILines
{
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

    public readonly float* Load(int group, int line, int start, int count, float* staging) =>
        weights.Load(origin + group * groupLength + (long)line * rowLength + start, count, staging);

    public readonly void Fill(int line, int start, int count, float* destination) => weights.Fill(origin + (long)line * rowLength + start, count, destination);

    /// <summary>Where an element of a line and all that follow lie in memory, or null where they do not.</summary>
    public readonly float* Stored(int line, int start) => weights.Stored(origin + (long)line * rowLength + start);

    /// <summary>Weights from one stored line to the next.</summary>
    public readonly int RowLength => rowLength;

    /// <summary>Where an element lies in a stored base, and bytes of one; false where nothing is stored.</summary>
    public readonly bool TryLocate(int line, int element, out byte* place, out int bytesPerElement) =>
        weights.TryLocate(origin + (long)line * rowLength + element, out place, out bytesPerElement);
}
