using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Sampled gradient of a convolution: rows of dy against shifted rows of x where they lie, in blocks of eight outputs. Eight samples run side
/// by side to hide the latency of their chains; entries are dealt out by index.
/// </summary>
sealed unsafe partial class SampledConvolutionJob : Job
{
    const int SamplesAtOnce = 8;

    ConvShape _shape;
    float* _dy;
    float* _x;
    float* _dyEnd;
    float* _xEnd;
    int* _tileStarts;
    ushort* _indices;
    float* _gradients;
    int _entries;

    public static void Run(Workers workers, float* dy, float* x, in ConvShape s, int* tileStarts, ushort* indices, float* gradients, int entries)
    {
        var job = JobCache<SampledConvolutionJob>.Instance;
        job._shape = s;
        job._dy = dy;
        job._x = x;
        job._dyEnd = dy + s.OutLength;
        job._xEnd = x + s.InLength;
        job._tileStarts = tileStarts;
        job._indices = indices;
        job._gradients = gradients;
        job._entries = entries;
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        var cursor = new EntryCursor(_tileStarts, _indices, _shape.WeightColumns);
        int channels = _shape.InChannels / _shape.Groups, outputs = _shape.OutChannels / _shape.Groups;
        for (var entry = (int)((long)_entries * part / parts); entry < (int)((long)_entries * (part + 1) / parts); entry++)
        {
            cursor.Move(entry);
            var (channel, tap) = Math.DivRem(cursor.Column, _shape.Taps);
            var input = cursor.Row / outputs * channels + channel;
            _gradients[entry] = Gradient(_dy + (nint)cursor.Row * _shape.OutPlane, _x + (nint)input * _shape.InPlane, tap);
        }
    }

    /// <summary>The samples in order: eight at once, what is left in pairs.</summary>
    float Gradient(float* dy, float* x, int tap)
    {
        nint dyStep = (nint)_shape.OutChannels * _shape.OutPlane, xStep = (nint)_shape.InChannels * _shape.InPlane;
        float sum = 0;
        var sample = 0;
        for (; sample + SamplesAtOnce <= _shape.Batch; sample += SamplesAtOnce, dy += SamplesAtOnce * dyStep, x += SamplesAtOnce * xStep)
        {
            var (low, high) = Dots(dy, x, dyStep, xStep, 4 * dyStep, 4 * xStep, tap);
            sum = sum + low[0] + low[1] + low[2] + low[3] + high[0] + high[1] + high[2] + high[3];
        }
        for (; sample < _shape.Batch; sample += 2, dy += 2 * dyStep, x += 2 * xStep)
        {
            var second = Math.Min(1, _shape.Batch - 1 - sample);
            var (low, high) = Dots(dy, x, 0, 0, second * dyStep, second * xStep, tap);
            sum += low[0];
            if (second == 1)
                sum += high[0];
        }
        return sum;
    }

    (Vector128<float> Low, Vector128<float> High) Dots(float* dy, float* x, nint dyStep, nint xStep, nint dyHigh, nint xHigh, int tap) =>
        _shape.StrideWidth switch
        {
            1 => Dots<ContiguousColumns>(dy, x, dyStep, xStep, dyHigh, xHigh, tap),
            2 => Dots<EvenColumns>(dy, x, dyStep, xStep, dyHigh, xHigh, tap),
            _ => Dots<StridedColumns>(dy, x, dyStep, xStep, dyHigh, xHigh, tap),
        };

    /// <summary>The dots of two groups of four samples, a step apart each; lanes of a block that see no plane keep their sums.</summary>
    (Vector128<float> Low, Vector128<float> High) Dots<TColumns>(float* dy, float* x, nint dyStep, nint xStep, nint dyHigh, nint xHigh, int tap)
        where TColumns : struct, IColumns
    {
        nint stride = _shape.StrideWidth, dyLast = dyHigh + 3 * dyStep, xLast = xHigh + 3 * xStep;
        int outWidth = _shape.OutWidth, inWidth = _shape.InWidth;
        var top = tap / _shape.KernelWidth * _shape.DilationHeight - _shape.PadTop;
        var left = tap % _shape.KernelWidth * _shape.DilationWidth - _shape.PadLeft;
        // Output rows [firstRow, endRow) and columns [low, high) see the plane; blocks of eight cover [first, end).
        var (firstRow, endRow) = Seen(top, _shape.StrideHeight, _shape.InHeight, _shape.OutHeight);
        var (low, high) = Seen(left, _shape.StrideWidth, inWidth, outWidth);
        int first = low / 8 * 8, end = GemmTuning.RoundUp(high, 8);
        var firstMask = LaneMask.Range(low - first, Math.Min(high - first, 8));
        var lastMask = LaneMask.Range(Math.Max(low - end + 8, 0), high - end + 8);
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        Vector256<float> sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (var oy = firstRow; oy < endRow; oy++)
        {
            var a = dy + (nint)oy * outWidth;
            var b = x + (nint)(oy * _shape.StrideHeight + top) * inWidth + left;
            // Lanes outside the row are read where memory allows it.
            var readable = a + dyLast + end <= _dyEnd && b + first * stride >= _x && b + xLast + (end - 1) * stride + TColumns.Beyond < _xEnd;
            for (var ox = first; ox < end; ox += 8)
            {
                float* p = a + ox, q = b + ox * stride;
                if (readable)
                {
                    var mask = ox == first ? firstMask : ox == end - 8 ? lastMask : Vector256<float>.AllBitsSet;
                    sum0 = AddMasked(Vector256.Load(p), TColumns.Load(q, stride), mask, sum0);
                    sum1 = AddMasked(Vector256.Load(p + dyStep), TColumns.Load(q + xStep, stride), mask, sum1);
                    sum2 = AddMasked(Vector256.Load(p + 2 * dyStep), TColumns.Load(q + 2 * xStep, stride), mask, sum2);
                    sum3 = AddMasked(Vector256.Load(p + 3 * dyStep), TColumns.Load(q + 3 * xStep, stride), mask, sum3);
                    p += dyHigh;
                    q += xHigh;
                    sum4 = AddMasked(Vector256.Load(p), TColumns.Load(q, stride), mask, sum4);
                    sum5 = AddMasked(Vector256.Load(p + dyStep), TColumns.Load(q + xStep, stride), mask, sum5);
                    sum6 = AddMasked(Vector256.Load(p + 2 * dyStep), TColumns.Load(q + 2 * xStep, stride), mask, sum6);
                    sum7 = AddMasked(Vector256.Load(p + 3 * dyStep), TColumns.Load(q + 3 * xStep, stride), mask, sum7);
                    continue;
                }
                int from = Math.Max(low - ox, 0), to = Math.Min(high - ox, 8);
                sum0 = AddGathered(p, q, stride, from, to, sum0);
                sum1 = AddGathered(p + dyStep, q + xStep, stride, from, to, sum1);
                sum2 = AddGathered(p + 2 * dyStep, q + 2 * xStep, stride, from, to, sum2);
                sum3 = AddGathered(p + 3 * dyStep, q + 3 * xStep, stride, from, to, sum3);
                p += dyHigh;
                q += xHigh;
                sum4 = AddGathered(p, q, stride, from, to, sum4);
                sum5 = AddGathered(p + dyStep, q + xStep, stride, from, to, sum5);
                sum6 = AddGathered(p + 2 * dyStep, q + 2 * xStep, stride, from, to, sum6);
                sum7 = AddGathered(p + 3 * dyStep, q + 3 * xStep, stride, from, to, sum7);
            }
        }
        return (Vector128.Create(LaneMoves.Tree(sum0), LaneMoves.Tree(sum1), LaneMoves.Tree(sum2), LaneMoves.Tree(sum3)),
            Vector128.Create(LaneMoves.Tree(sum4), LaneMoves.Tree(sum5), LaneMoves.Tree(sum6), LaneMoves.Tree(sum7)));
    }

    /// <summary>Outputs along an axis whose input, offset + output * stride, lies in the plane.</summary>
    static (int First, int End) Seen(int offset, int stride, int inputs, int outputs)
    {
        var first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        var end = inputs - offset <= 0 ? 0 : Math.Min(outputs, (inputs - offset - 1) / stride + 1);
        return (Math.Min(first, end), end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> AddMasked(Vector256<float> dy, Vector256<float> x, Vector256<float> mask, Vector256<float> sum) =>
        Vector256.ConditionalSelect(mask, Vector256.FusedMultiplyAdd(dy, x, sum), sum);

    /// <summary>Reads nothing but lanes [from, to).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector256<float> AddGathered(float* dy, float* x, nint stride, int from, int to, Vector256<float> sum)
    {
        var lanes = stackalloc float[16];
        for (var lane = from; lane < to; lane++)
        {
            lanes[lane] = dy[lane];
            lanes[8 + lane] = x[lane * stride];
        }
        return AddMasked(Vector256.Load(lanes), Vector256.Load(lanes + 8), LaneMask.Range(from, to), sum);
    }

    /// <summary>Eight inputs a column stride apart.</summary>
    interface IColumns
    {
        /// <summary>Floats that a load reads after the eighth input.</summary>
        static abstract int Beyond { get; }

        static abstract Vector256<float> Load(float* x, nint stride);
    }

    readonly struct ContiguousColumns : IColumns
    {
        public static int Beyond => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* x, nint stride) => Vector256.Load(x);
    }

    readonly struct EvenColumns : IColumns
    {
        public static int Beyond => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* x, nint stride) => Vector256.Create(
            LaneMoves.Even(Vector128.Load(x), Vector128.Load(x + 4)), LaneMoves.Even(Vector128.Load(x + 8), Vector128.Load(x + 12)));
    }

    readonly struct StridedColumns : IColumns
    {
        public static int Beyond => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* x, nint stride) => Vector256.Create(x[0], x[stride], x[2 * stride], x[3 * stride],
            x[4 * stride], x[5 * stride], x[6 * stride], x[7 * stride]);
    }
}
