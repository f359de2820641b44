using System.Runtime.CompilerServices;

namespace EdgeDropBack.Kernels;

/// <summary>A <see cref="WeightSource"/> whose spans are pinned, for jobs. Valid only while they stay pinned.</summary>
readonly unsafe struct WeightView
{
    const int TileShift = 16;

    readonly BaseKind _kind;
    readonly byte* _base;
    readonly RandomRun _regenerated;
    readonly Quantization? _quantization;
    readonly int* _tileStarts;
    readonly ushort* _indices;
    readonly float* _values;

    public WeightView(in WeightSource source, byte* bytes, int* tileStarts, ushort* indices, float* values)
    {
        _kind = source.Kind;
        _base = bytes;
        _regenerated = source.Kind == BaseKind.Regenerated ? new RandomRun(source.Regenerated) : default;
        _quantization = source.Quantization;
        _tileStarts = source.Values.IsEmpty ? null : tileStarts;
        _indices = indices;
        _values = values;
    }

    /// <summary>
    /// Weights [start, start + count): a pointer into the stored base where that already is the answer, else <paramref name="staging"/>, filled.
    /// The pointer may be unaligned.
    /// </summary>
    public float* Load(long start, nint count, float* staging)
    {
        if (_kind == BaseKind.Float32)
        {
            var entry = _tileStarts == null || count == 0 ? -1 : FirstWithin(start, start + count);
            if (entry < 0)
                return (float*)(_base + start * sizeof(float));
            Unsafe.CopyBlockUnaligned(staging, _base + start * sizeof(float), (uint)count * sizeof(float));
            Overlay(entry, start, start + count, staging);
            return staging;
        }
        Fill(start, count, staging);
        return staging;
    }

    /// <summary>Where the weight and all that follow lie in memory, or null where some are tracked or computed.</summary>
    public float* Stored(long start) => _kind == BaseKind.Float32 && _tileStarts == null ? (float*)_base + start : null;

    public void Fill(long start, nint count, float* destination)
    {
        switch (_kind)
        {
            case BaseKind.Float32:
                Unsafe.CopyBlockUnaligned(destination, _base + start * sizeof(float), (uint)count * sizeof(float));
                break;
            case BaseKind.Float16:
                Widening.Float16(_base + start * sizeof(ushort), destination, count);
                break;
            case BaseKind.BFloat16:
                Widening.BFloat16(_base + start * sizeof(ushort), destination, count);
                break;
            case BaseKind.Regenerated:
                _regenerated.Fill(start, destination, count);
                break;
            case BaseKind.UInt8 or BaseKind.Int8 or BaseKind.Int32 or BaseKind.RoundedFloat32:
                Dequantization.Fill(_kind, _base, _quantization!, start, count, destination);
                break;
            default:
                new Span<float>(destination, (int)count).Clear();
                break;
        }
        if (_tileStarts == null || count == 0)
            return;
        var entry = FirstWithin(start, start + count);
        if (entry >= 0)
            Overlay(entry, start, start + count, destination);
    }

    /// <summary>Lays entries over [start, end), from the first that lies there.</summary>
    void Overlay(int entry, long start, long end, float* destination)
    {
        for (var tile = start >> TileShift; tile <= (end - 1) >> TileShift; tile++)
        {
            var last = _tileStarts[tile + 1];
            var limit = end - (tile << TileShift);
            var shifted = destination + ((tile << TileShift) - start);
            for (; entry < last && _indices[entry] < limit; entry++)
                shifted[_indices[entry]] = _values[entry];
        }
    }

    /// <summary>The first entry within [start, end), or -1.</summary>
    int FirstWithin(long start, long end)
    {
        for (var tile = start >> TileShift; tile <= (end - 1) >> TileShift; tile++)
        {
            var entry = FirstEntry(tile, start);
            if (entry < _tileStarts[tile + 1])
                return (tile << TileShift) + _indices[entry] < end ? entry : -1;
        }
        return -1;
    }

    /// <summary>The first entry of the tile at or after flat index <paramref name="start"/>, or the tile's end.</summary>
    int FirstEntry(long tile, long start)
    {
        var first = _tileStarts[tile];
        return first + TileEntries.First(new ReadOnlySpan<ushort>(_indices + first, _tileStarts[tile + 1] - first), start - (tile << TileShift));
    }

    /// <summary>Where a weight lies in a stored base, whether it is tracked or not, and bytes of one; false where there is none.</summary>
    public bool TryLocate(long weight, out byte* place, out int bytesPerElement)
    {
        bytesPerElement = _kind.BytesPerElement();
        place = _base + weight * bytesPerElement;
        return bytesPerElement > 0 && _base != null;
    }
}
