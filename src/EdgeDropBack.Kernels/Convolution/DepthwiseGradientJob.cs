using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Depthwise weight gradient: eight channels are the eight lanes, rows of dy and zero-padded rows of x are interleaved channel by channel, and
/// a tap is a shift. Tiles of the fixed grid are dealt out by index.
/// </summary>
sealed unsafe partial class DepthwiseGradientJob : Job
{
    const int Lanes8 = PlaneLanes.Count;
    const int TapsAtOnce = 4;

    Workers _workers = null!;
    GradientSink _sink = null!;
    ConvShape _shape;
    float* _dy;
    float* _x;

    int PaddedWidth => (_shape.OutWidth - 1) * _shape.StrideWidth + (_shape.KernelWidth - 1) * _shape.DilationWidth + 1;

    public static void Run(Workers workers, float* dy, float* x, in ConvShape s, GradientSink sink)
    {
        var job = JobCache<DepthwiseGradientJob>.Instance;
        job._workers = workers;
        job._sink = sink;
        job._shape = s;
        job._dy = dy;
        job._x = x;
        workers.Run(job);
        job._sink = null!;
    }

    public override void Run(int part, int parts)
    {
        var taps = _shape.Taps;
        var tileWidth = Math.Min(taps, GradientTile.Columns);
        var zeros = Math.Max(_shape.InWidth, _shape.OutWidth);
        var scratch = _workers.Scratch(part,
            GradientTile.Rows * tileWidth + zeros + Lanes8 * (2 * taps + _shape.OutWidth + PaddedWidth));
        var tile = scratch;
        var zeroRow = tile + GradientTile.Rows * tileWidth;
        var buffers = zeroRow + zeros;
        new Span<float>(zeroRow, zeros).Clear();
        int rowTiles = GemmTuning.DivideUp(_shape.OutChannels, GradientTile.Rows), columnTiles = GemmTuning.DivideUp(taps, GradientTile.Columns);
        long tiles = (long)rowTiles * columnTiles, first = tiles * part / parts, end = tiles * (part + 1) / parts;
        for (var index = first; index < end; index++)
        {
            int row = (int)(index % rowTiles) * GradientTile.Rows, column = (int)(index / rowTiles) * GradientTile.Columns;
            int rows = Math.Min(GradientTile.Rows, _shape.OutChannels - row), columns = Math.Min(GradientTile.Columns, taps - column);
            for (var r = 0; r < rows; r += Lanes8)
                Channels(row + r, Math.Min(Lanes8, rows - r), column, columns, zeroRow, buffers, tile + r * tileWidth, tileWidth);
            _sink.Tile(part, new Span<float>(tile, (rows - 1) * tileWidth + columns), tileWidth, row, rows, column, columns);
        }
    }

    /// <summary>Tile rows of up to eight channels, taps [tap, tap + count).</summary>
    void Channels(int channel, int channels, int tap, int count, float* zeroRow, float* buffers, float* tile, int tileWidth)
    {
        var chains = buffers;
        var sums = chains + Lanes8 * _shape.Taps;
        var dyRow = sums + Lanes8 * _shape.Taps;
        var xRow = dyRow + Lanes8 * _shape.OutWidth;
        new Span<float>(sums, Lanes8 * count).Clear();
        for (var sample = 0; sample < _shape.Batch; sample++)
        {
            new Span<float>(chains, Lanes8 * count).Clear();
            for (var oy = 0; oy < _shape.OutHeight; oy++)
            {
                var plane = (nint)sample * _shape.OutChannels + channel;
                PlaneLanes.Interleave(_dy + plane * _shape.OutPlane + oy * _shape.OutWidth, _shape.OutPlane, channels, zeroRow, _shape.OutWidth, dyRow);
                for (var ky = tap / _shape.KernelWidth; ky <= (tap + count - 1) / _shape.KernelWidth; ky++)
                {
                    PaddedRow(plane, channels, oy * _shape.StrideHeight + ky * _shape.DilationHeight - _shape.PadTop, zeroRow, xRow);
                    int from = Math.Max(tap, ky * _shape.KernelWidth), to = Math.Min(tap + count, (ky + 1) * _shape.KernelWidth);
                    for (var t = from; t < to; t += TapsAtOnce)
                        Row(dyRow, xRow, t - ky * _shape.KernelWidth, Math.Min(TapsAtOnce, to - t), chains + Lanes8 * (t - tap));
                }
            }
            for (var t = 0; t < count; t++)
                (Vector256.Load(sums + Lanes8 * t) + Vector256.Load(chains + Lanes8 * t)).Store(sums + Lanes8 * t);
        }
        for (var c = 0; c < channels; c++)
            for (var t = 0; t < count; t++)
                tile[c * tileWidth + t] = sums[Lanes8 * t + c];
    }

    /// <summary>One row of x under all taps of one ky: [padded width, 8], zero outside the plane.</summary>
    void PaddedRow(nint plane, int channels, int iy, float* zeroRow, float* destination)
    {
        var width = PaddedWidth;
        var low = Math.Min(_shape.PadLeft, width);
        var high = iy < 0 || iy >= _shape.InHeight ? low : Math.Min(width, _shape.PadLeft + _shape.InWidth);
        new Span<float>(destination, Lanes8 * low).Clear();
        if (high > low)
            PlaneLanes.Interleave(_x + plane * _shape.InPlane + (nint)iy * _shape.InWidth, _shape.InPlane, channels, zeroRow, high - low, destination + Lanes8 * low);
        new Span<float>(destination + Lanes8 * high, Lanes8 * (width - high)).Clear();
    }

    /// <summary>Chains of up to four neighbouring taps go on over one row of outputs.</summary>
    void Row(float* dyRow, float* xRow, int kx, int taps, float* chains)
    {
        var step = (nint)Lanes8 * _shape.StrideWidth;
        var shift = (nint)Lanes8 * _shape.DilationWidth;
        // Missing taps repeat the last one and are not stored.
        float* x0 = xRow + kx * shift, x1 = x0 + Math.Min(1, taps - 1) * shift, x2 = x0 + Math.Min(2, taps - 1) * shift, x3 = x0 + (taps - 1) * shift;
        var c0 = Vector256.Load(chains);
        var c1 = taps > 1 ? Vector256.Load(chains + Lanes8) : default;
        var c2 = taps > 2 ? Vector256.Load(chains + 2 * Lanes8) : default;
        var c3 = taps > 3 ? Vector256.Load(chains + 3 * Lanes8) : default;
        for (var ox = 0; ox < _shape.OutWidth; ox++, dyRow += Lanes8, x0 += step, x1 += step, x2 += step, x3 += step)
        {
            var dy = Vector256.Load(dyRow);
            c0 = Vector256.FusedMultiplyAdd(dy, Vector256.Load(x0), c0);
            c1 = Vector256.FusedMultiplyAdd(dy, Vector256.Load(x1), c1);
            c2 = Vector256.FusedMultiplyAdd(dy, Vector256.Load(x2), c2);
            c3 = Vector256.FusedMultiplyAdd(dy, Vector256.Load(x3), c3);
        }
        c0.Store(chains);
        if (taps > 1)
            c1.Store(chains + Lanes8);
        if (taps > 2)
            c2.Store(chains + 2 * Lanes8);
        if (taps > 3)
            c3.Store(chains + 3 * Lanes8);
    }
}
