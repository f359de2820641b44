namespace EdgeDropBack.Kernels;

sealed unsafe partial class DepthwiseJob
{
    /// <summary>The accesses of a forward, or of a backward over all its phases.</summary>
    public static void Accesses(AccessStream s, MemoryBlock source, WeightAccesses weights, MemoryBlock? bias, in ConvShape shape,
        MemoryBlock destination, bool backward)
    {
        var t = new DepthwiseTaps(shape, backward);
        var ring = s.Scratch;
        var results = ring.From(t.RingFloats + t.LineFloats);
        var laneWeights = results.From(Lanes * t.DestinationWidth);
        s.Write(ring, 0, t.RingFloats + t.LineFloats);
        var loaded = weights.Load(s, 0, (long)shape.InChannels * shape.Taps, laneWeights.From((long)Lanes * (shape.Taps + 1)));
        long planes = (long)shape.Batch * shape.InChannels;
        for (long plane = 0; plane < planes; plane += Lanes)
        {
            var present = Math.Min(Lanes, planes - plane);
            for (var p = plane; p < plane + present; p++)
            {
                s.Read(loaded, p % shape.InChannels * shape.Taps, shape.Taps);
                if (bias is { } offsets) s.Read(offsets, p % shape.InChannels, 1);
            }
            s.Write(laneWeights, 0, (long)Lanes * (shape.Taps + 1));
            Planes(s, source, plane, present, t, ring, results, destination);
        }
    }

    static void Planes(AccessStream s, MemoryBlock source, long plane, long present, in DepthwiseTaps t, MemoryBlock ring, MemoryBlock results,
        MemoryBlock destination)
    {
        long sourcePlane = (long)t.SourceHeight * t.SourceWidth, destinationPlane = (long)t.DestinationHeight * t.DestinationWidth;
        var next = 0;
        for (var y = 0; y < t.DestinationHeight; y++)
        {
            var top = y / t.PhasesY * t.RowStep + t.FirstRow;
            for (next = Math.Max(next, top); next < Math.Min(t.SourceHeight, top + t.Rows); next++)
            {
                s.ReadRows(source.From(plane * sourcePlane + (long)next * t.SourceWidth), present, sourcePlane, t.Copied);
                s.Write(ring, next % t.RingRows * t.LineFloats, t.LineFloats);
            }
            s.Read(ring, 0, t.RingFloats);
            s.Write(results, 0, Lanes * t.DestinationWidth);
            s.WriteRows(destination.From(plane * destinationPlane + (long)y * t.DestinationWidth), present, destinationPlane, t.DestinationWidth);
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
