namespace EdgeDropBack.Kernels;

/// <summary><see cref="PlaneSink"/>.</summary>
sealed class PlaneSinkAccesses : TileSinkAccesses
{
    readonly MemoryBlock _planes;
    readonly MemoryBlock? _bias;
    readonly int _channels, _groupChannels, _plane, _planeWidth, _gridWidth, _gridPlane, _originY, _originX, _strideY, _strideX;

    PlaneSinkAccesses(MemoryBlock planes, MemoryBlock? bias, int channels, int groups, (int Plane, int Width) plane,
        (int Width, int Plane) grid, (int Y, int X) origin, (int Y, int X) stride)
    {
        (_planes, _bias, _channels, _groupChannels) = (planes, bias, channels, channels / groups);
        ((_plane, _planeWidth), (_gridWidth, _gridPlane)) = (plane, grid);
        ((_originY, _originX), (_strideY, _strideX)) = (origin, stride);
    }

    public static PlaneSinkAccesses Output(MemoryBlock y, MemoryBlock? bias, in ConvShape s)
        => new(y, bias, s.OutChannels, s.Groups, (s.OutPlane, s.OutWidth), (s.OutWidth, s.OutPlane), (0, 0), (1, 1));

    public static PlaneSinkAccesses Input(MemoryBlock dx, in ConvShape s, in Phase phase)
        => new(dx, null, s.InChannels, s.Groups, (s.InPlane, s.InWidth), (phase.Width, phase.Plane), (phase.Y, phase.X),
            (s.StrideHeight, s.StrideWidth));

    public override void Store(AccessStream s, int group, MemoryBlock tile, int stride, int row, int rows, int column, int columns)
    {
        var (sample, position) = Math.DivRem(column, _gridPlane);
        for (var done = 0; done < columns; sample++, position = 0)
        {
            var length = Math.Min(columns - done, _gridPlane - position);
            for (var r = 0; r < rows; r++)
            {
                var channel = group * _groupChannels + row + r;
                s.Read(tile, (long)r * stride + done, length);
                Row(s, channel, ((long)sample * _channels + channel) * _plane, position, length);
            }
            done += length;
        }
    }

    /// <summary>A whole grid of one channel and sample.</summary>
    public void StorePlane(AccessStream s, int group, int row, int sample, MemoryBlock source, int pitch, int height, int width)
    {
        var channel = group * _groupChannels + row;
        for (var y = 0; y < height; y++)
        {
            s.Read(source, (long)y * pitch, width);
            Row(s, channel, ((long)sample * _channels + channel) * _plane, y * _gridWidth, width);
        }
    }

    void Row(AccessStream s, int channel, long plane, int position, int length)
    {
        if (_bias is { } bias) s.Read(bias, channel, 1);
        if (_strideX == 1 && _strideY == 1)
        {
            s.Write(_planes, plane + position, length);
            return;
        }
        var (y, x) = Math.DivRem(position, _gridWidth);
        for (; length > 0; y++, x = 0)
        {
            var count = Math.Min(length, _gridWidth - x);
            var start = plane + (long)(_originY + y * _strideY) * _planeWidth + _originX + (long)x * _strideX;
            var span = (count - 1L) * _strideX + 1;
            if (_strideX == 2) s.Read(_planes, start, span);
            s.Write(_planes, start, span);
            length -= count;
        }
    }
}
