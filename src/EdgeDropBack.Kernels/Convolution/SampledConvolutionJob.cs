using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Sampled gradient of a convolution: rows of dy against shifted rows of x where they lie, in blocks of eight outputs. Four samples run side
/// by side to hide the latency of their chains; entries are dealt out by index.
/// </summary>
sealed unsafe partial class SampledConvolutionJob : Job
{
    const int SamplesAtOnce = 4;

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

    float Gradient(float* dy, float* x, int tap)
    {
        nint dyStep = (nint)_shape.OutChannels * _shape.OutPlane, xStep = (nint)_shape.InChannels * _shape.InPlane;
        float sum = 0;
        var sample = 0;
        for (; sample + SamplesAtOnce <= _shape.Batch; sample += SamplesAtOnce)
        {
            var dots = Dots(dy + sample * dyStep, x + sample * xStep, dyStep, xStep, SamplesAtOnce, tap);
            sum = sum + dots[0] + dots[1] + dots[2] + dots[3];
        }
        if (sample < _shape.Batch)
        {
            var rest = _shape.Batch - sample;
            var dots = Dots(dy + sample * dyStep, x + sample * xStep, dyStep, xStep, rest, tap);
            for (var i = 0; i < rest; i++)
                sum += dots[i];
        }
        return sum;
    }

    Vector128<float> Dots(float* dy, float* x, nint dyStep, nint xStep, int samples, int tap) => _shape.StrideWidth == 1
        ? Dots<ContiguousColumns>(dy, x, dyStep, xStep, samples, tap)
        : Dots<StridedColumns>(dy, x, dyStep, xStep, samples, tap);

    /// <summary>The dots of up to four samples; the lanes of missing ones repeat the last.</summary>
    Vector128<float> Dots<TColumns>(float* dy, float* x, nint dyStep, nint xStep, int samples, int tap) where TColumns : struct, IColumns
    {
        nint stride = _shape.StrideWidth;
        nint dy1 = Math.Min(1, samples - 1) * dyStep, dy2 = Math.Min(2, samples - 1) * dyStep, dy3 = (samples - 1) * dyStep;
        nint x1 = Math.Min(1, samples - 1) * xStep, x2 = Math.Min(2, samples - 1) * xStep, x3 = (samples - 1) * xStep;
        var top = tap / _shape.KernelWidth * _shape.DilationHeight - _shape.PadTop;
        var left = tap % _shape.KernelWidth * _shape.DilationWidth - _shape.PadLeft;
        // Output columns [low, high) see the plane; blocks of eight cover [first, end).
        var low = left >= 0 ? 0 : (-left + _shape.StrideWidth - 1) / _shape.StrideWidth;
        var high = _shape.InWidth - left <= 0 ? 0 : Math.Min(_shape.OutWidth, (_shape.InWidth - left - 1) / _shape.StrideWidth + 1);
        int first = low / 8 * 8, end = GemmTuning.RoundUp(high, 8);
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (var oy = 0; oy < _shape.OutHeight && low < high; oy++)
        {
            var iy = oy * _shape.StrideHeight + top;
            if (iy < 0 || iy >= _shape.InHeight)
                continue;
            var a = dy + (nint)oy * _shape.OutWidth;
            var b = x + (nint)iy * _shape.InWidth + left;
            // Lanes outside the row are read where memory allows it, and masked.
            var readable = a + dy3 + end <= _dyEnd && b + first * stride >= _x && b + x3 + (end - 1) * stride < _xEnd;
            for (var ox = first; ox < end; ox += 8)
            {
                int from = Math.Max(low - ox, 0), to = Math.Min(high - ox, 8);
                float* p = a + ox, q = b + ox * stride;
                if (readable && to - from == 8)
                {
                    sum0 = Vector256.FusedMultiplyAdd(Vector256.Load(p), TColumns.Load(q, stride), sum0);
                    sum1 = Vector256.FusedMultiplyAdd(Vector256.Load(p + dy1), TColumns.Load(q + x1, stride), sum1);
                    sum2 = Vector256.FusedMultiplyAdd(Vector256.Load(p + dy2), TColumns.Load(q + x2, stride), sum2);
                    sum3 = Vector256.FusedMultiplyAdd(Vector256.Load(p + dy3), TColumns.Load(q + x3, stride), sum3);
                }
                else if (readable)
                {
                    var mask = LaneMask.Range(from, to);
                    sum0 = AddMasked(Vector256.Load(p), TColumns.Load(q, stride), mask, sum0);
                    sum1 = AddMasked(Vector256.Load(p + dy1), TColumns.Load(q + x1, stride), mask, sum1);
                    sum2 = AddMasked(Vector256.Load(p + dy2), TColumns.Load(q + x2, stride), mask, sum2);
                    sum3 = AddMasked(Vector256.Load(p + dy3), TColumns.Load(q + x3, stride), mask, sum3);
                }
                else
                {
                    sum0 = AddGathered(p, q, stride, from, to, sum0);
                    sum1 = AddGathered(p + dy1, q + x1, stride, from, to, sum1);
                    sum2 = AddGathered(p + dy2, q + x2, stride, from, to, sum2);
                    sum3 = AddGathered(p + dy3, q + x3, stride, from, to, sum3);
                }
            }
        }
        return Vector128.Create(LaneMoves.Tree(sum0), LaneMoves.Tree(sum1), LaneMoves.Tree(sum2), LaneMoves.Tree(sum3));
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
        static abstract Vector256<float> Load(float* x, nint stride);
    }

    readonly struct ContiguousColumns : IColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* x, nint stride) => Vector256.Load(x);
    }

    readonly struct StridedColumns : IColumns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Load(float* x, nint stride) => Vector256.Create(x[0], x[stride], x[2 * stride], x[3 * stride],
            x[4 * stride], x[5 * stride], x[6 * stride], x[7 * stride]);
    }
}
