using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EdgeDropBack.Store;

/// <summary>Writes the format that <see cref="StoreReader"/> specifies. The bytes depend on the store alone.</summary>
static class StoreWriter
{
    /// <summary>Returns the SHA-256 of what was written, in lower-case hexadecimal.</summary>
    internal static string Write(Stream stream, SparseStore store)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Stores are written on little-endian machines only.");
        List<(uint Tag, Action<StoreSink> Emit)> sections = Sections(store);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var file = new StoreSink(stream, hash);
        byte[] header = Header(sections);
        file.Write(header);
        Span<byte> padding = stackalloc byte[StoreFormat.Alignment];
        padding.Clear();
        foreach ((_, Action<StoreSink> emit) in sections)
        {
            emit(file);
            file.Write(padding[..(int)(StoreFormat.Aligned(file.Length) - file.Length)]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static byte[] Header(List<(uint Tag, Action<StoreSink> Emit)> sections)
    {
        byte[] header = new byte[StoreFormat.HeaderBytes + (StoreFormat.TableEntryBytes * sections.Count)];
        long offset = header.Length;
        Span<byte> entry = header.AsSpan(StoreFormat.HeaderBytes);
        foreach ((uint tag, Action<StoreSink> emit) in sections)
        {
            var measure = new StoreSink(null, null);
            emit(measure);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, tag);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], measure.Crc);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], measure.Length);
            offset = StoreFormat.Aligned(offset + measure.Length);
            entry = entry[StoreFormat.TableEntryBytes..];
        }

        StoreFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(StoreFormat.VersionOffset), StoreFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(StoreFormat.SectionCountOffset), sections.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(StoreFormat.FileLengthOffset), offset);
        BinaryPrimitives.WriteUInt32LittleEndian(
            header.AsSpan(StoreFormat.HeaderCrcOffset), ~StoreFormat.Crc32C(uint.MaxValue, header));
        return header;
    }

    static List<(uint Tag, Action<StoreSink> Emit)> Sections(SparseStore store)
    {
        TrackedSet tracked = store.Tracked;
        byte[] meta = StoreMetaText.Encode(store.Meta, tracked.OptimizerSlots);
        byte[][] names = [.. tracked.Tensors.Select(tensor => Encoding.UTF8.GetBytes(tensor.Name))];
        long allowance = StoreFormat.NameBytesFree + ((long)StoreFormat.NameBytesPerTensor * names.Length);
        bool withNames = store.HasNames && names.All(name => name.Length is > 0 and <= ushort.MaxValue)
            && names.Sum(name => (long)name.Length) <= allowance;

        List<(uint, Action<StoreSink>)> sections =
        [
            (StoreFormat.Meta, sink => sink.Write(meta)),
            (StoreFormat.Tensors, sink => EmitTensors(sink, store, withNames ? names : null)),
        ];
        if (withNames && names.Length > 0)
            sections.Add((StoreFormat.Names, sink => Array.ForEach(names, name => sink.Write(name))));
        sections.Add((StoreFormat.Tiles, sink => EmitTiles(sink, tracked)));
        sections.Add((StoreFormat.Indices, sink => sink.Write(tracked.Indices)));
        sections.Add((StoreFormat.Values, sink => sink.Write<float>(tracked.Values)));
        if (tracked.OptimizerSlots > 0)
            sections.Add((StoreFormat.OptimizerState, sink => EmitState(sink, tracked)));
        if (store.RunningStatistics.Count > 0)
            sections.Add((StoreFormat.RunningStatistics, sink => EmitStatistics(sink, store.RunningStatistics)));
        if (store.Resume.Count > 0)
            sections.Add((StoreFormat.Resume, sink => EmitResume(sink, store.Resume)));
        return sections;
    }

    static void EmitTensors(StoreSink sink, SparseStore store, byte[][]? names)
    {
        Span<byte> record = stackalloc byte[StoreFormat.TensorBytes];
        for (int i = 0; i < store.Tracked.Tensors.Count; i++)
        {
            TrackedValues tensor = store.Tracked[i];
            TensorBase origin = store.Bases[i];
            BinaryPrimitives.WriteUInt64LittleEndian(record, store.NameHashes?[i] ?? StoreFormat.NameHash(tensor.Name));
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], tensor.ElementCount);
            BinaryPrimitives.WriteUInt32LittleEndian(record[16..], origin.Seed);
            BinaryPrimitives.WriteUInt32LittleEndian(record[20..], origin.TensorId);
            BinaryPrimitives.WriteInt32LittleEndian(record[24..], tensor.Count);
            BinaryPrimitives.WriteSingleLittleEndian(record[28..], origin.Scale);
            BinaryPrimitives.WriteSingleLittleEndian(record[32..], store.ScoreScales.Count > 0 ? store.ScoreScales[i] : 1f);
            record[36] = (byte)origin.Kind;
            record[37] = (byte)origin.Distribution;
            BinaryPrimitives.WriteUInt16LittleEndian(record[38..], (ushort)(names?[i].Length ?? 0));
            sink.Write(record);
        }
    }

    static void EmitTiles(StoreSink sink, TrackedSet tracked)
    {
        foreach (TrackedValues tensor in tracked.Tensors)
            sink.Write(tensor.TileStarts[..tensor.TileCount]);
    }

    static void EmitState(StoreSink sink, TrackedSet tracked)
    {
        for (int slot = 0; slot < tracked.OptimizerSlots; slot++)
            sink.Write<float>(tracked.OptimizerState(slot));
    }

    static void EmitStatistics(StoreSink sink, IReadOnlyList<RunningStatistics> statistics)
    {
        foreach (RunningStatistics entry in statistics)
        {
            byte[] name = Encoding.UTF8.GetBytes(entry.Name);
            sink.Write<int>([name.Length, entry.Values.Length]);
            sink.Write(name);
            sink.Write<float>(entry.Values);
        }
    }

    static void EmitResume(StoreSink sink, IReadOnlyList<ResumeBlock> blocks)
    {
        Span<byte> tag = stackalloc byte[StoreFormat.Alignment];
        foreach (ResumeBlock block in blocks)
        {
            tag.Clear();
            Encoding.ASCII.GetBytes(block.Tag, tag);
            sink.Write(tag);
            sink.Write<long>([block.Bytes.Length]);
            sink.Write(block.Bytes);
        }
    }
}
