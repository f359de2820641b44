using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// NCHW planes in memory: row = channel of the group, column = (sample, grid position). The grid is the plane, or one phase of it.
/// </summary>
unsafe struct PlaneSink : ITileSink
{
    float* _planes;
    float* _bias;
    int _channels, _groupChannels, _plane, _planeWidth;
    int _gridWidth, _gridPlane, _originY, _originX, _strideY, _strideX;

    public readonly bool Fresh => true;

    public static PlaneSink Output(float* y, float* bias, in ConvShape s) => new()
    {
        _planes = y,
        _bias = bias,
        _channels = s.OutChannels,
        _groupChannels = s.OutChannels / s.Groups,
        _plane = s.OutPlane,
        _planeWidth = s.OutWidth,
        _gridWidth = s.OutWidth,
        _gridPlane = s.OutPlane,
        _strideY = 1,
        _strideX = 1,
    };

    public static PlaneSink Input(float* dx, in ConvShape s, in Phase phase) => new()
    {
        _planes = dx,
        _channels = s.InChannels,
        _groupChannels = s.InChannels / s.Groups,
        _plane = s.InPlane,
        _planeWidth = s.InWidth,
        _gridWidth = phase.Width,
        _gridPlane = phase.Plane,
        _originY = phase.Y,
        _originX = phase.X,
        _strideY = s.StrideHeight,
        _strideX = s.StrideWidth,
    };

    public readonly void Load(int group, float* tile, int stride, int row, int rows, int column, int columns) =>
        throw new InvalidOperationException("Convolution chains start from zero.");

    public readonly void Store(int group, float* tile, int stride, int row, int rows, int column, int columns)
    {
        var (sample, position) = Math.DivRem(column, _gridPlane);
        for (var done = 0; done < columns; sample++, position = 0)
        {
            var length = Math.Min(columns - done, _gridPlane - position);
            for (var r = 0; r < rows; r++)
            {
                var channel = group * _groupChannels + row + r;
                var plane = _planes + ((nint)sample * _channels + channel) * _plane;
                var source = tile + (nint)r * stride + done;
                if (_strideX == 1 && _strideY == 1)
                    Epilogue.Row(source, _bias == null ? null : _bias + channel, plane + position, length);
                else
                    Scatter(source, plane, position, length);
            }
            done += length;
        }
    }

    public readonly void TryPlace(int row, int column, ref float* tile, ref int stride)
    {
    }

    /// <summary>A whole grid of one channel and sample, its rows <paramref name="pitch"/> apart.</summary>
    public readonly void StorePlane(int group, int row, int sample, float* source, int pitch, int height, int width)
    {
        var channel = group * _groupChannels + row;
        var plane = _planes + ((nint)sample * _channels + channel) * _plane;
        for (var y = 0; y < height; y++, source += pitch)
        {
            var line = plane + (nint)(_originY + y * _strideY) * _planeWidth + _originX;
            if (_strideX == 1)
                Epilogue.Row(source, _bias == null ? null : _bias + channel, line, width);
            else
                Spread(source, line, _strideX, width);
        }
    }

    readonly void Scatter(float* source, float* plane, int position, int length)
    {
        var (y, x) = Math.DivRem(position, _gridWidth);
        for (; length > 0; y++, x = 0)
        {
            var count = Math.Min(length, _gridWidth - x);
            var row = plane + (nint)(_originY + y * _strideY) * _planeWidth + _originX;
            Spread(source, row + (nint)x * _strideX, _strideX, count);
            source += count;
            length -= count;
        }
    }

    /// <summary>row[i * step] = source[i]; what lies between is left as it is, and nothing beyond the last is touched.</summary>
    public static void Spread(float* source, float* row, int step, int count)
    {
        var i = 0;
        if (step == 2)
        {
            for (; i + 4 < count; i += 4)
            {
                var between = LaneMoves.Odd(Vector128.Load(row + 2 * i), Vector128.Load(row + 2 * i + 4));
                var values = Vector128.Load(source + i);
                LaneMoves.ZipLow(values, between).Store(row + 2 * i);
                LaneMoves.ZipHigh(values, between).Store(row + 2 * i + 4);
            }
        }
        for (; i < count; i++)
            row[(nint)i * step] = source[i];
    }
}
