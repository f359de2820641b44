using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeDropBack.Data;
using EdgeDropBack.Files;

namespace EdgeDropBack.Prefixes;

/// <summary>
/// Outputs of a prefix on disk, one file a prefix and preprocessing: <c>IDENTITY.prefix</c>, after the first 16 digits of the identity.
/// <list type="number">
/// <item>"EDBPRE01"; SHA-256 of everything that decides an output beside the sample; numbers a sample (int32); CRC-32C of these 44 bytes.</item>
/// <item>Records of one length: a hash of the sample (16 bytes), its outputs (float32), CRC-32C of both, all little-endian.</item>
/// </list>
/// A record that is cut short is taken off, one whose checksum is wrong is computed again, and a file of another identity is begun anew.
/// When the folder's caches reach the limit, those of other models go first, the oldest before others; then no more is kept.
/// </summary>
sealed class PrefixCache : IDisposable
{
    const int KeyBytes = 16, CheckBytes = 4, HeaderBytes = 8 + SHA256.HashSizeInBytes + 4 + CheckBytes;
    const string Extension = ".prefix";

    readonly Dictionary<UInt128, long> _places = [];
    readonly Stack<long> _free = new();
    readonly Action<string>? _log;
    readonly FileStream _file;
    readonly byte[] _record;
    readonly long _limit;
    long _end, _others;
    bool _isFull;

    PrefixCache(FileStream file, long limit, int length, Action<string>? log)
    {
        (_file, _limit, _log, Path) = (file, limit, log, file.Name);
        _record = new byte[KeyBytes + length * sizeof(float) + CheckBytes];
        (_end, _others) = (HeaderBytes, Others().Sum(other => other.Length));
    }

    /// <summary>The caches that a folder holds: any of them may make room for others.</summary>
    public static IEnumerable<string> FilesIn(string directory) => Directory.EnumerateFiles(directory, "*" + Extension);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Samples in it.</summary>
    public int Count => _places.Count;

    public long Bytes => _end;

    /// <summary>Samples read from it.</summary>
    public long Hits { get; private set; }

    /// <summary>Records whose checksum was wrong; they were computed again.</summary>
    public int Damaged { get; private set; }

    /// <summary>SHA-256 over keys and checksums of all records, in order of the keys: equal where the outputs are.</summary>
    public string Sha256
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (key, place) in _places.OrderBy(entry => entry.Key))
            {
                hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in key)));
                RandomAccess.Read(_file.SafeFileHandle, _record.AsSpan(0, CheckBytes), place + _record.Length - CheckBytes);
                hash.AppendData(_record.AsSpan(0, CheckBytes));
            }
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    /// <exception cref="EdbException">Exit code 3: the folder cannot be used, or another process uses the file.</exception>
    public static PrefixCache Open(string directory, long limit, byte[] identity, int length, Action<string>? log)
    {
        var path = System.IO.Path.Combine(directory, Convert.ToHexStringLower(identity)[..16] + Extension);
        try
        {
            Directory.CreateDirectory(directory);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            try
            {
                var cache = new PrefixCache(file, limit, length, log);
                cache.Load(identity, length);
                return cache;
            }
            catch (Exception e)
            {
                var isEmpty = e is IOException && file.Length < HeaderBytes;
                file.Dispose();
                if (isEmpty) File.Delete(path);
                throw;
            }
        }
        catch (IOException e) when (FileErrors.IsFullOrReadOnly(e))
        {
            throw FileErrors.Describe(path, e)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"--cache {Printable.Name(directory)}: {Printable.Name(path)} cannot be used ({e.Message}); another run may have it open: give another folder", e);
        }
    }

    public bool Contains(UInt128 key) => _places.ContainsKey(key);

    /// <summary>False where the sample is not there, or what is there is damaged.</summary>
    public bool TryRead(UInt128 key, Span<float> outputs)
    {
        if (!_places.TryGetValue(key, out var place)) return false;
        if (RandomAccess.Read(_file.SafeFileHandle, _record, place) == _record.Length && KeyOf(_record) == key && Check(_record) == StoredCheck(_record))
        {
            MemoryMarshal.Cast<byte, float>(_record.AsSpan(KeyBytes, outputs.Length * sizeof(float))).CopyTo(outputs);
            Hits++;
            return true;
        }
        _places.Remove(key);
        _free.Push(place);
        if (Damaged++ == 0) _log?.Invoke($"{Path}: a record at byte {place} does not fit its checksum; it is computed again, as are others like it");
        return false;
    }

    /// <summary>Keeps the outputs of a sample, where there is room.</summary>
    public void Add(UInt128 key, ReadOnlySpan<float> outputs)
    {
        if (_isFull || _places.ContainsKey(key)) return;
        var isNew = !_free.TryPop(out var place);
        if (isNew && !HasRoom()) return;
        if (isNew) place = _end;
        MemoryMarshal.Write(_record, key);
        MemoryMarshal.AsBytes(outputs).CopyTo(_record.AsSpan(KeyBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(_record.AsSpan(_record.Length - CheckBytes), Check(_record));
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, _record, place);
        }
        catch (IOException e)
        {
            Stop($"{Path}: {e.Message}; no more outputs are kept");
            return;
        }
        if (isNew) _end += _record.Length;
        _places.Add(key, place);
    }

    public void Dispose() => _file.Dispose();

    void Load(byte[] identity, int length)
    {
        var header = new byte[HeaderBytes];
        "EDBPRE01"u8.CopyTo(header);
        identity.CopyTo(header, 8);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8 + SHA256.HashSizeInBytes), length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(HeaderBytes - CheckBytes), Crc(header.AsSpan(0, HeaderBytes - CheckBytes)));
        var found = new byte[HeaderBytes];
        var got = RandomAccess.Read(_file.SafeFileHandle, found, 0);
        if (got < HeaderBytes || !found.AsSpan().SequenceEqual(header))
        {
            if (got > 0) _log?.Invoke($"{Path}: made by another model or preprocessing, or damaged; it is begun anew");
            _file.SetLength(0);
            RandomAccess.Write(_file.SafeFileHandle, header, 0);
            return;
        }
        var records = (_file.Length - HeaderBytes) / _record.Length;
        _end = HeaderBytes + records * _record.Length;
        if (_end < _file.Length)
        {
            _log?.Invoke($"{Path}: cut short in its last record, which is taken off");
            _file.SetLength(_end);
        }
        for (var place = (long)HeaderBytes; place < _end; place += _record.Length)
        {
            RandomAccess.Read(_file.SafeFileHandle, _record.AsSpan(0, KeyBytes), place);
            if (!_places.TryAdd(KeyOf(_record), place)) _free.Push(place);
        }
    }

    bool HasRoom()
    {
        if (_end + _others + _record.Length <= _limit) return true;
        foreach (var other in Others().OrderBy(other => other.LastWriteTimeUtc))
        {
            _log?.Invoke($"{other.FullName}: {other.Length} bytes of another model's outputs make room");
            other.Delete();
            _others -= other.Length;
            if (_end + _others + _record.Length <= _limit) return true;
        }
        Stop($"{Path}: the limit of {_limit} bytes is reached with {Count} samples; the others are computed whenever they are needed (--cache-limit)");
        return false;
    }

    void Stop(string message)
    {
        _isFull = true;
        _log?.Invoke(message);
    }

    IEnumerable<FileInfo> Others() => new DirectoryInfo(System.IO.Path.GetDirectoryName(Path)!).GetFiles("*" + Extension).Where(file => file.FullName != Path);

    static UInt128 KeyOf(ReadOnlySpan<byte> record) => MemoryMarshal.Read<UInt128>(record);

    static uint Check(ReadOnlySpan<byte> record) => Crc(record[..^CheckBytes]);

    static uint StoredCheck(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[^CheckBytes..]);

    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
