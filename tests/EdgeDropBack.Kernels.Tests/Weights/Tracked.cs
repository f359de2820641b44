using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels.Tests;

/// <summary>Tracked entries for tests: about one weight in <c>every</c>, the first and the last among them.</summary>
sealed class Tracked
{
    public Tracked(long length, int every, uint seed)
    {
        var indices = new List<ushort>();
        TileStarts = new int[(length + WeightSource.TileSize - 1) / WeightSource.TileSize + 1];
        for (var i = 0L; i < length; i++)
        {
            if (i == 0 || i == length - 1 || IndexedRandom.Hash(seed, 3, (ulong)i) % (uint)every == 0)
            {
                indices.Add((ushort)(i % WeightSource.TileSize));
                Flat.Add(i);
            }
            TileStarts[i / WeightSource.TileSize + 1] = indices.Count;
        }
        Indices = [.. indices];
        Values = Tests.Values.Normal(Indices.Length, seed + 1);
    }

    public List<long> Flat { get; } = [];
    public int[] TileStarts { get; }
    public ushort[] Indices { get; }
    public float[] Values { get; }

    /// <summary>A source of the given kind; stored bases start at an odd address.</summary>
    public static WeightSource Source(BaseKind kind, long length, uint seed) => kind switch
    {
        BaseKind.Zero => WeightSource.Zero(length),
        BaseKind.Regenerated => WeightSource.From(new RegeneratedBase(seed, 5, 0.5f, Distribution.Normal), length),
        _ when kind.IsQuantized() => WeightSource.Stored(kind, Quantized.Bytes(kind, length, seed), Quantized.Scales(kind, 5, 3, seed)),
        _ => WeightSource.Stored(kind, Bytes(kind, length, seed)),
    };

    public WeightSource Over(WeightSource source) => source.WithTracked(TileStarts, Indices, Values);

    static ReadOnlySpan<byte> Bytes(BaseKind kind, long length, uint seed)
    {
        var values = Tests.Values.Normal(length, seed);
        var size = kind == BaseKind.Float32 ? 4 : 2;
        var bytes = new byte[length * size + 1].AsSpan(1);
        for (var i = 0; i < length; i++)
        {
            var at = bytes.Slice(i * size, size);
            if (kind == BaseKind.Float32)
                MemoryMarshal.Write(at, values[i]);
            else if (kind == BaseKind.Float16)
                MemoryMarshal.Write(at, (Half)values[i]);
            else
                MemoryMarshal.Write(at, (ushort)(BitConverter.SingleToUInt32Bits(values[i]) >> 16));
        }
        return bytes;
    }
}
