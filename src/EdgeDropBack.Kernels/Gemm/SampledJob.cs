using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Sampled gradient of a dense layer. Columns of the right side, and the row at hand of the left side, are turned so that a dot runs over
/// contiguous samples; entries are dealt out by index.
/// </summary>
sealed unsafe partial class SampledJob : Job
{
    /// <summary>Floats of turned columns held at a time; more columns than fit take several passes over the entries.</summary>
    const int RightFloats = 64 * 1024;
    const int LeftRows = 16;

    Workers _workers = null!;
    float* _left;
    float* _right;
    int* _tileStarts;
    ushort* _indices;
    float* _gradients;
    int _leftStride, _rightStride, _samples, _groupRows, _rows, _columns, _rightColumns, _entries;
    float _alpha;

    public static void Run(Workers workers, float* left, int leftStride, float* right, int rightStride, int samples, int groups, int rows,
        int columns, float alpha, int* tileStarts, ushort* indices, float* gradients, int entries)
    {
        var job = JobCache<SampledJob>.Instance;
        job._workers = workers;
        job._left = left;
        job._leftStride = leftStride;
        job._right = right;
        job._rightStride = rightStride;
        (job._samples, job._rows, job._columns, job._alpha) = (samples, rows, columns, alpha);
        (job._groupRows, job._rightColumns) = (Math.Max(1, rows / groups), groups * columns);
        job._tileStarts = tileStarts;
        job._indices = indices;
        job._gradients = gradients;
        job._entries = entries;
        workers.Run(job);
    }

    public override void Run(int part, int parts)
    {
        int first = (int)((long)_entries * part / parts), end = (int)((long)_entries * (part + 1) / parts);
        if (first == end)
            return;
        var stride = GemmTuning.RoundUp(Math.Max(_samples, 1), 8);
        var block = Math.Min(_rightColumns, Math.Max(1, RightFloats / stride));
        var turned = _workers.Scratch(part, (nint)stride * (block + LeftRows));
        for (var column = 0; column < _rightColumns; column += block)
        {
            var columns = Math.Min(block, _rightColumns - column);
            Turn(_right + column, _rightStride, columns, turned, stride);
            Dots(first, end, column, columns, turned, turned + (nint)stride * block, stride);
        }
    }

    /// <summary>Entries in store order, the rest of a row within a tile at a time.</summary>
    void Dots(int first, int end, int column, int columns, float* right, float* left, int stride)
    {
        var leftStart = -LeftRows;
        var tile = 0;
        for (var entry = first; entry < end;)
        {
            while (_tileStarts[tile + 1] <= entry)
                tile++;
            var tileStart = (long)tile * WeightSource.TileSize;
            var row = (int)((tileStart + _indices[entry]) / _columns);
            var rowStart = (long)row * _columns - tileStart;
            var shift = (int)(row / _groupRows * _columns - column - rowStart);
            var limit = rowStart + _columns;
            var last = Math.Min(end, _tileStarts[tile + 1]);
            while (entry < last && _indices[entry] < limit && (uint)(_indices[entry] + shift) >= (uint)columns)
                entry++;
            if (entry == last || _indices[entry] >= limit)
                continue;
            if (row - leftStart >= LeftRows)
            {
                leftStart = row / LeftRows * LeftRows;
                Turn(_left + leftStart, _leftStride, Math.Min(LeftRows, _rows - leftStart), left, stride);
            }
            entry = RowDots(entry, last, limit, shift, columns, left + (nint)(row - leftStart) * stride, right, stride);
        }
    }

    /// <summary>
    /// Entries up to the last, or to the first whose index reaches <paramref name="limit"/>; <paramref name="shift"/> more than an index is the
    /// turned column, if that is below <paramref name="columns"/>. Returns the first entry beyond.
    /// </summary>
    int RowDots(int entry, int last, long limit, int shift, int columns, float* left, float* right, int stride)
    {
        for (; entry < last && _indices[entry] < limit; entry++)
        {
            var c = _indices[entry] + shift;
            if ((uint)c >= (uint)columns)
                continue;
            var dot = _samples == 1 ? MathF.FusedMultiplyAdd(*left, right[(nint)c * stride], 0f) + 0f : Dot(left, right + (nint)c * stride);
            _gradients[entry] = _alpha != 1 ? dot * _alpha : dot;
        }
        return entry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    float Dot(float* left, float* right)
    {
        Vector256<float> sum = default;
        var s = 0;
        for (; s + 8 <= _samples; s += 8)
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(left + s), Vector256.Load(right + s), sum);
        if (s < _samples)
        {
            var added = Vector256.FusedMultiplyAdd(Vector256.Load(left + s), Vector256.Load(right + s), sum);
            sum = Vector256.ConditionalSelect(LaneMask.First(_samples - s), added, sum);
        }
        return LaneMoves.Tree(sum);
    }

    /// <summary>turned[line, sample] = source[sample, line]; samples beyond the last are undefined and masked by <see cref="Dot"/>.</summary>
    void Turn(float* source, int sourceStride, int lines, float* turned, int stride)
    {
        var s = 0;
        for (; s + 4 <= _samples; s += 4)
        {
            var from = source + (nint)s * sourceStride;
            Packing.Interleave4(from, from + sourceStride, from + 2 * (nint)sourceStride, from + 3 * (nint)sourceStride, lines, turned + s, stride);
        }
        for (; s < _samples; s++)
            for (var l = 0; l < lines; l++)
                turned[(nint)l * stride + s] = source[(nint)s * sourceStride + l];
    }
}
