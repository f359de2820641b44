using System.Runtime.InteropServices;

namespace EdgeDropBack.Store;

/// <summary>
/// Reads a store file. The format, version 1; all numbers little-endian, floats IEEE 754 single precision:
/// <code>
/// 1. header, 32 bytes
///      0  u8[8]  magic: 89 45 44 42 0D 0A 1A 0A
///      8  u32    version = 1
///     12  u32    number of sections n
///     16  i64    length of the file
///     24  u32    CRC-32C of header and table, this field taken as 0
///     28  u32    0
/// 2. section table, n x 24 bytes: u32 tag (four ASCII letters), u32 CRC-32C, i64 offset, i64 length
/// 3. sections in the order below, the first right behind the table, each padded with zeros to 8 bytes
///    META  UTF-8 lines key=value: the base model's SHA-256, seed, budget, options, progress, notes (StoreMetaText)
///    TENS  40 bytes a tensor, in parameter order
///            0 u64 first 8 bytes of the SHA-256 of the name    8 i64 elements
///           16 u32 seed of the base                           20 u32 tensor id of the base
///           24 i32 tracked weights                            28 f32 scale of the base
///           32 f32 divisor of its scores                      36 u8  base: 0 mapped, 1 regenerated, 2 zero, 3 constant
///           37 u8  distribution: 0 normal, 1 uniform          38 u16 length of the name, 0 without NAME
///    NAME  the names, UTF-8, one after the other; absent when they take more than 1,024 + 24 a tensor
///    TILE  i32 a tile of 65,536 elements: the tensor's first entry in that tile, counted from the tensor's own first
///    INDX  u16 a tracked weight: index within its tile, ascending
///    VALU  f32 a tracked weight
///    OPTS  optimizer state, 1 or 2 slots, each f32 a tracked weight; only with a stateful optimizer
///    BNST  trained running statistics: i32 name length, i32 values, name, f32 values; only when trained
///    RSUM  the trainer's blocks: u8[8] tag, i64 length, bytes; only in checkpoints
/// </code>
/// Without OPTS, BNST and RSUM a file takes at most 6 bytes a tracked weight + 4 a tile + 64 a tensor + 4,096.
/// Nothing is allocated before the file is known to be long enough to fill it.
/// </summary>
sealed class StoreReader(Stream stream, string path)
{
    const int MaxSections = 9;
    readonly StoreSectionTable _table = new(stream, path);

    /// <summary>The model that the store must belong to, or null.</summary>
    internal string? ModelSha256 { get; init; }

    /// <summary>Asked before the weights are read; null for nothing.</summary>
    internal IStoreCheck? Fit { get; init; }

    /// <param name="expected">The model's tensors, or null to take them from the file.</param>
    internal SparseStore Read(IReadOnlyList<TrackedTensor>? expected)
    {
        _table.Read(MaxSections);
        StoreMeta meta = ReadMeta(out int slots);
        if (ModelSha256 is not null)
            SparseStore.RequireModel(meta, ModelSha256, path);
        byte[] records = _table.ReadBytes(StoreFormat.Tensors);
        StoreTensorRecord[] tensors = StoreTensorRecord.ReadAll(records, _table);
        bool named = _table.Has(StoreFormat.Names);
        IReadOnlyList<RunningStatistics> statistics = _table.Has(StoreFormat.RunningStatistics) ? StoreBlocks.ReadStatistics(_table) : [];
        Fit?.Require(meta, tensors, statistics);
        TrackedTensor[] identities = Identify(tensors, expected);
        TrackedSet tracked = ReadTracked(tensors, identities, slots);
        return new SparseStore
        {
            Meta = meta,
            Tracked = tracked,
            Bases = Array.ConvertAll(tensors, tensor => tensor.Base),
            ScoreScales = Array.ConvertAll(tensors, tensor => tensor.ScoreScale),
            RunningStatistics = statistics,
            Resume = _table.Has(StoreFormat.Resume) ? StoreBlocks.ReadResume(_table) : [],
            NameHashes = named || expected is not null ? null : Array.ConvertAll(tensors, tensor => tensor.NameHash),
        };
    }

    StoreMeta ReadMeta(out int slots)
    {
        try
        {
            StoreMeta meta = StoreMetaText.Decode(_table.ReadBytes(StoreFormat.Meta), out slots);
            if (slots is < 0 or > 2 || slots > 0 != _table.Has(StoreFormat.OptimizerState))
                throw new FormatException($"{slots} optimizer slots do not fit the sections");
            return meta;
        }
        catch (FormatException failure)
        {
            throw _table.Damaged(StoreFormat.Meta, failure.Message);
        }
    }

    TrackedTensor[] Identify(StoreTensorRecord[] tensors, IReadOnlyList<TrackedTensor>? expected)
    {
        string[] names = StoreBlocks.ReadNames(_table, tensors);
        if (expected is null)
            return [.. tensors.Select((tensor, i) => new TrackedTensor(names[i], tensor.ElementCount))];
        if (expected.Count != tensors.Length)
            throw EdbException.Refused($"store '{path}' has {tensors.Length} tensors, the model has {expected.Count} trainable ones; "
                + "give the options it was trained with (--new-head, --mode), or another --store");
        for (int i = 0; i < tensors.Length; i++)
            if (tensors[i].ElementCount != expected[i].ElementCount || tensors[i].NameHash != StoreFormat.NameHash(expected[i].Name))
                throw EdbException.Refused($"store '{path}' has tensor '{names[i]}' of {tensors[i].ElementCount} elements "
                    + $"where the model has '{expected[i].Name}' of {expected[i].ElementCount}; "
                    + "give the options it was trained with, or another --store");
        return [.. expected];
    }

    TrackedSet ReadTracked(StoreTensorRecord[] records, TrackedTensor[] tensors, int slots)
    {
        long count = records.Sum(record => (long)record.Count), tiles = 0;
        foreach (TrackedTensor tensor in tensors)
            tiles = Math.Min(tiles + tensor.TileCount, long.MaxValue >>> 8);
        _table.RequireLength(StoreFormat.Tiles, tiles, 4);
        _table.RequireLength(StoreFormat.Indices, count, 2);
        _table.RequireLength(StoreFormat.Values, count, 4);
        if (slots > 0)
            _table.RequireLength(StoreFormat.OptimizerState, count * slots, 4);

        var tracked = new TrackedSet(tensors, (int)count, slots, updatable: false);
        TrackedBuffer buffer = tracked.Current;
        _table.ReadInto(StoreFormat.Indices, MemoryMarshal.AsBytes(buffer.Indices.AsSpan()));
        _table.ReadInto(StoreFormat.Values, MemoryMarshal.AsBytes(buffer.Values.AsSpan()));
        if (slots > 0)
            ReadState(buffer, (int)count);
        int[] starts = new int[(int)tiles];
        _table.ReadInto(StoreFormat.Tiles, MemoryMarshal.AsBytes(starts.AsSpan()));
        ReadOnlySpan<int> rest = starts;
        for (int i = 0; i < tensors.Length; i++)
        {
            buffer.Starts[i + 1] = buffer.Starts[i] + records[i].Count;
            Span<int> own = buffer.TileStarts.AsSpan(tracked[i].TileBase, tracked[i].TileCount + 1);
            rest[..tracked[i].TileCount].CopyTo(own);
            own[^1] = records[i].Count;
            rest = rest[tracked[i].TileCount..];
            Check(tracked[i], own, buffer.Indices.AsSpan(buffer.Starts[i], records[i].Count));
        }

        return tracked;
    }

    void ReadState(TrackedBuffer buffer, int count)
    {
        int position = 0;
        byte[] state = _table.ReadBytes(StoreFormat.OptimizerState);
        foreach (float[] slot in buffer.State)
        {
            state.AsSpan(position, 4 * count).CopyTo(MemoryMarshal.AsBytes(slot.AsSpan()));
            position += 4 * count;
        }
    }

    void Check(TrackedValues tensor, ReadOnlySpan<int> starts, ReadOnlySpan<ushort> indices)
    {
        if (starts[0] != 0)
            throw _table.Damaged(StoreFormat.Tiles, $"tensor '{tensor.Name}' starts at entry {starts[0]}, 0 was expected");
        for (int tile = 0; tile < starts.Length - 1; tile++)
        {
            if (starts[tile + 1] < starts[tile] || starts[tile + 1] > indices.Length)
                throw _table.Damaged(StoreFormat.Tiles,
                    $"tile {tile} of '{tensor.Name}' runs from entry {starts[tile]} to {starts[tile + 1]}");
            ReadOnlySpan<ushort> own = indices[starts[tile]..starts[tile + 1]];
            for (int entry = 1; entry < own.Length; entry++)
                if (own[entry] <= own[entry - 1])
                    throw _table.Damaged(StoreFormat.Indices, $"indices in tile {tile} of '{tensor.Name}' do not rise");
            if (own.Length > 0 && ((long)tile * TrackedSet.TileSize) + own[^1] >= tensor.ElementCount)
                throw _table.Damaged(StoreFormat.Indices, $"an index of '{tensor.Name}' lies behind its {tensor.ElementCount} elements");
        }
    }
}
