namespace EdgeDropBack.Kernels;

sealed unsafe partial class DepthwiseJob
{
    /// <summary>The accesses of a forward, or of a backward over all its phases.</summary>
    public static void Accesses(AccessStream s, MemoryBlock source, WeightAccesses weights, MemoryBlock? bias, in ConvShape shape,
        MemoryBlock destination, bool backward)
    {
        var job = new DepthwiseJob { _shape = shape, _backward = backward };
        if (backward) job.PrepareBackward();
        else job.PrepareForward();
        var copy = s.Scratch;
        var sums = copy.From(job._padded.Floats);
        var staging = sums.From(job._sums + 8 + shape.Taps);
        s.Write(copy, 0, job._padded.Floats);
        for (var channel = 0; channel < shape.InChannels; channel++)
        {
            s.Read(weights.Load(s, (long)channel * shape.Taps, shape.Taps, staging), 0, shape.Taps);
            if (bias is { } offsets) s.Read(offsets, channel, 1);
            for (var sample = 0; sample < shape.Batch; sample++)
            {
                var plane = (long)sample * shape.InChannels + channel;
                s.Read(source, plane * job._sourcePlane, job._sourcePlane);
                s.Write(copy, 0, job._padded.Floats);
                s.Write(sums, 0, job._sums);
                s.Write(destination, plane * job._destinationPlane, job._destinationPlane);
            }
        }
    }
}

sealed unsafe partial class DepthwiseGradientJob
{
    public static void Accesses(AccessStream s, MemoryBlock dy, MemoryBlock x, in ConvShape shape, GradientSinkAccesses sink)
    {
        var tileWidth = Math.Min(shape.Taps, GradientTile.Columns);
        var tile = s.Scratch;
        for (var column = 0; column < shape.Taps; column += GradientTile.Columns)
        {
            for (var row = 0; row < shape.OutChannels; row += GradientTile.Rows)
            {
                var rows = Math.Min(GradientTile.Rows, shape.OutChannels - row);
                for (var r = row; r < row + rows; r += Lanes8)
                {
                    var channels = Math.Min(Lanes8, row + rows - r);
                    for (var sample = 0; sample < shape.Batch; sample++)
                    {
                        var plane = (long)sample * shape.OutChannels + r;
                        s.Read(dy, plane * shape.OutPlane, (long)channels * shape.OutPlane);
                        s.Read(x, plane * shape.InPlane, (long)channels * shape.InPlane);
                    }
                    s.Write(tile, (long)(r - row) * tileWidth, (long)channels * tileWidth);
                }
                sink.Tile(s, tile, tileWidth, row, rows, column, Math.Min(GradientTile.Columns, shape.Taps - column));
            }
        }
    }
}
