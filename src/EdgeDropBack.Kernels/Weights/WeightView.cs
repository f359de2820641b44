using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>A <see cref="WeightSource"/> whose spans are pinned, for jobs. Valid only while they stay pinned.</summary>
readonly unsafe struct WeightView
{
    const int TileShift = 16;

    readonly BaseKind _kind;
    readonly byte* _base;
    readonly RegeneratedBase _regenerated;
    readonly int* _tileStarts;
    readonly ushort* _indices;
    readonly float* _values;

    public WeightView(in WeightSource source, byte* bytes, int* tileStarts, ushort* indices, float* values)
    {
        _kind = source.Kind;
        _base = bytes;
        _regenerated = source.Regenerated;
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
        if (_kind == BaseKind.Float32 && !AnyTracked(start, start + count))
            return (float*)(_base + start * sizeof(float));
        Fill(start, count, staging);
        return staging;
    }

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
                IndexedRandom.Fill(_regenerated, start, destination, count);
                break;
            default:
                new Span<float>(destination, (int)count).Clear();
                break;
        }
        if (_tileStarts != null)
            Overlay(start, start + count, destination);
    }

    void Overlay(long start, long end, float* destination)
    {
        for (var tile = start >> TileShift; tile <= (end - 1) >> TileShift; tile++)
        {
            var origin = tile << TileShift;
            var last = _tileStarts[tile + 1];
            for (var entry = FirstEntry(tile, start); entry < last && origin + _indices[entry] < end; entry++)
                destination[origin + _indices[entry] - start] = _values[entry];
        }
    }

    bool AnyTracked(long start, long end)
    {
        if (_tileStarts == null)
            return false;
        for (var tile = start >> TileShift; tile <= (end - 1) >> TileShift; tile++)
        {
            var entry = FirstEntry(tile, start);
            if (entry < _tileStarts[tile + 1] && (tile << TileShift) + _indices[entry] < end)
                return true;
        }
        return false;
    }

    /// <summary>The first entry of the tile at or after flat index <paramref name="start"/>, or the tile's end.</summary>
    int FirstEntry(long tile, long start)
    {
        int low = _tileStarts[tile], high = _tileStarts[tile + 1];
        var local = start - (tile << TileShift);
        if (local <= 0)
            return low;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_indices[middle] < local)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
