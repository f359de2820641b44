using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>
/// A parameter as it exists during training: a base that never changes, and the tracked values that replace some of it.
/// The flat index space is cut into tiles of <see cref="TileSize"/>; the tracked entries of tile t are
/// [TileStarts[t], TileStarts[t + 1]), with ascending tile-local indices.
/// </summary>
public readonly ref struct WeightSource
{
    /// <summary>Flat indices per tile of the tracked entries.</summary>
    public const int TileSize = 65536;

    WeightSource(BaseKind kind, ReadOnlySpan<byte> bytes, RegeneratedBase regenerated, long length, Quantization? quantization = null)
    {
        Kind = kind;
        Base = bytes;
        Regenerated = regenerated;
        Length = length;
        Quantization = quantization;
    }

    WeightSource(WeightSource other, ReadOnlySpan<int> tileStarts, ReadOnlySpan<ushort> indices, ReadOnlySpan<float> values)
    {
        this = other;
        TileStarts = tileStarts;
        Indices = indices;
        Values = values;
    }

    public BaseKind Kind { get; }

    /// <summary>Stored values, little-endian, of any alignment; empty when the base is regenerated or zero.</summary>
    public ReadOnlySpan<byte> Base { get; }

    public RegeneratedBase Regenerated { get; }

    /// <summary>How a quantized base is read; null for any other.</summary>
    public Quantization? Quantization { get; }

    /// <summary>Number of weights.</summary>
    public long Length { get; }

    /// <summary>Tiles + 1 entry positions, or empty when nothing is tracked.</summary>
    public ReadOnlySpan<int> TileStarts { get; }

    public ReadOnlySpan<ushort> Indices { get; }

    public ReadOnlySpan<float> Values { get; }

    /// <summary>The weight at a flat index.</summary>
    public float this[long index]
    {
        get
        {
            if (Kind == BaseKind.Float32 && Values.IsEmpty)
                return MemoryMarshal.Read<float>(Base.Slice(checked((int)index * sizeof(float)), sizeof(float)));
            if (Kind == BaseKind.Regenerated && Values.IsEmpty)
                return IndexedRandom.Value(Regenerated, index);
            if (Quantization is not null && Values.IsEmpty)
                return Quantized(index);
            float value = 0;
            CopyTo(index, new Span<float>(ref value));
            return value;
        }
    }

    /// <summary>A stored base of one of the three floating-point kinds; its length must be a whole number of values.</summary>
    public static WeightSource Stored(BaseKind kind, ReadOnlySpan<byte> bytes)
    {
        if (kind is not (BaseKind.Float32 or BaseKind.Float16 or BaseKind.BFloat16))
            throw new ArgumentException($"A stored base is Float32, Float16 or BFloat16, not {kind}.", nameof(kind));
        return new WeightSource(kind, bytes, default, Elements(kind, bytes));
    }

    /// <summary>A stored base of one of the quantized kinds; its length must be a whole number of values.</summary>
    public static WeightSource Stored(BaseKind kind, ReadOnlySpan<byte> bytes, Quantization quantization)
    {
        if (!kind.IsQuantized())
            throw new ArgumentException($"A quantized base is UInt8, Int8, Int32 or RoundedFloat32, not {kind}.", nameof(kind));
        return new WeightSource(kind, bytes, default, Elements(kind, bytes), quantization);
    }

    static int Elements(BaseKind kind, ReadOnlySpan<byte> bytes)
    {
        var size = kind.BytesPerElement();
        if (bytes.Length % size != 0)
            throw new ArgumentException($"{bytes.Length} bytes are no whole number of {kind} values.", nameof(bytes));
        return bytes.Length / size;
    }

    /// <summary>A dense binary32 base held in memory.</summary>
    public static WeightSource Float32(ReadOnlySpan<float> values) =>
        new(BaseKind.Float32, MemoryMarshal.AsBytes(values), default, values.Length);

    public static WeightSource From(scoped in RegeneratedBase regenerated, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new WeightSource(BaseKind.Regenerated, default, regenerated, length);
    }

    public static WeightSource Zero(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new WeightSource(BaseKind.Zero, default, default, length);
    }

    /// <summary>The same base with tracked values laid over it; a tracked value replaces the base value.</summary>
    /// <param name="tileStarts">[tiles + 1], ascending, from 0 to the number of entries.</param>
    /// <param name="indices">[entries], ascending within a tile.</param>
    /// <param name="values">[entries].</param>
    public WeightSource WithTracked(ReadOnlySpan<int> tileStarts, ReadOnlySpan<ushort> indices, ReadOnlySpan<float> values)
    {
        var tiles = (Length + TileSize - 1) / TileSize;
        if (tileStarts.Length != tiles + 1 || tileStarts[0] != 0 || tileStarts[^1] != indices.Length || indices.Length != values.Length)
        {
            throw new ArgumentException($"Tracked entries of {Length} weights need {tiles + 1} tile starts from 0 to the entry count; " +
                $"got {tileStarts.Length} starts, {indices.Length} indices and {values.Length} values.", nameof(tileStarts));
        }
        return new WeightSource(this, tileStarts, indices, values);
    }

    /// <summary>The weights of one tile at tile-local indices.</summary>
    /// <param name="destination">[indices]</param>
    public void Gather(int tile, ReadOnlySpan<ushort> indices, Span<float> destination)
    {
        var origin = (long)tile * TileSize;
        if (Kind != BaseKind.Float32 || !Values.IsEmpty)
        {
            for (var i = 0; i < indices.Length; i++) destination[i] = this[origin + indices[i]];
            return;
        }
        // One short loop, so that many cache misses are under way at once.
        var values = MemoryMarshal.Cast<byte, float>(Base)[(int)origin..];
        for (var i = 0; i < indices.Length; i++) destination[i] = values[indices[i]];
    }

    unsafe float Quantized(long index)
    {
        if ((ulong)index >= (ulong)Length) throw new ArgumentOutOfRangeException(nameof(index), $"Weight {index} of {Length}.");
        fixed (byte* bytes = Base) return Dequantization.Value(Kind, bytes, Quantization!, index);
    }

    /// <summary>Copies the weights from <paramref name="start"/> on: base values with the tracked ones laid over them.</summary>
    public unsafe void CopyTo(long start, Span<float> destination)
    {
        if (start < 0 || start + destination.Length > Length)
            throw new ArgumentOutOfRangeException(nameof(start), $"Weights {start}..{start + destination.Length} of {Length}.");
        fixed (byte* bytes = Base)
        fixed (int* tileStarts = TileStarts)
        fixed (ushort* indices = Indices)
        fixed (float* values = Values, output = destination)
            new WeightView(this, bytes, tileStarts, indices, values).Fill(start, destination.Length, output);
    }
}
