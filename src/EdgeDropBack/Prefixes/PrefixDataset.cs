using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeDropBack.Data;

namespace EdgeDropBack.Prefixes;

/// <summary>Samples as a suffix takes them: the prefix's outputs, from the cache or computed when they are asked for.</summary>
sealed class PrefixDataset : Dataset
{
    readonly Dataset _source;
    readonly FrozenPrefix _prefix;
    readonly UInt128[] _keys;
    readonly bool[] _hasKey;
    readonly Dictionary<int, int> _rowOf = [];
    readonly List<int> _missing = [];
    float[] _rows = [], _inputs = [];

    [SetsRequiredMembers]
    public PrefixDataset(Dataset source, FrozenPrefix prefix)
    {
        (_source, _prefix, Prefix) = (source, prefix, prefix);
        (_keys, _hasKey) = prefix.Cache is null ? ([], []) : (new UInt128[source.Count], new bool[source.Count]);
        Name = source.Name;
        Count = source.Count;
        SampleShape = [prefix.OutputLength];
        SampleLength = prefix.OutputLength;
        TargetLength = source.TargetLength;
        ClassCount = source.ClassCount;
        ClassNames = source.ClassNames;
        Labels = source.Labels;
        Targets = source.Targets;
        Skipped = source.Skipped;
        Notes = source.Notes;
    }

    internal override Dataset Raw => _source;

    /// <inheritdoc/>
    public override long ResidentBytes => _source.ResidentBytes + 4L * _prefix.Batch * (SampleLength + _source.SampleLength) + 17L * _keys.Length;

    /// <inheritdoc/>
    internal override void Prepare(ReadOnlySpan<int> samples)
    {
        _missing.Clear();
        _rowOf.Clear();
        foreach (var sample in samples)
        {
            if (_rowOf.ContainsKey(sample) || (_prefix.Cache is { } cache && cache.Contains(Key(sample)))) continue;
            _rowOf.Add(sample, _missing.Count);
            _missing.Add(sample);
        }
        if (_missing.Count == 0) return;
        Grow(ref _rows, _missing.Count * SampleLength);
        Grow(ref _inputs, _missing.Count * _source.SampleLength);
        for (var i = 0; i < _missing.Count; i++) _source.CopySample(_missing[i], Input(i));
        _prefix.Run(_inputs.AsMemory(0, _missing.Count * _source.SampleLength), _missing.Count, _rows.AsMemory(0, _missing.Count * SampleLength));
        for (var i = 0; i < _missing.Count; i++) _prefix.Cache?.Add(Key(_missing[i]), Row(i));
    }

    /// <inheritdoc/>
    public override void CopySample(int index, Span<float> destination)
    {
        if (!_rowOf.ContainsKey(index))
        {
            if (_prefix.Cache is { } cache && cache.TryRead(Key(index), destination[..SampleLength])) return;
            Prepare([index]);
        }
        if (_rowOf.TryGetValue(index, out var row)) Row(row).CopyTo(destination);
        else throw EdbException.Failed($"{_prefix.Cache!.Path}: the outputs of sample {index} of {Printable.Name(Name)} cannot be read back; look at the disk, or leave --cache out");
    }

    Span<float> Row(int row) => _rows.AsSpan(row * SampleLength, SampleLength);

    Span<float> Input(int row) => _inputs.AsSpan(row * _source.SampleLength, _source.SampleLength);

    /// <summary>A hash of the sample as the model takes it.</summary>
    UInt128 Key(int sample)
    {
        if (_hasKey[sample]) return _keys[sample];
        Grow(ref _inputs, _source.SampleLength);
        var x = _inputs.AsSpan(0, _source.SampleLength);
        _source.CopySample(sample, x);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(x), hash);
        (_hasKey[sample], _keys[sample]) = (true, MemoryMarshal.Read<UInt128>(hash));
        return _keys[sample];
    }

    static void Grow(ref float[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new float[length];
    }
}
