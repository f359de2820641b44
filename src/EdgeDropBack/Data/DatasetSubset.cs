using System.Diagnostics.CodeAnalysis;

namespace EdgeDropBack.Data;

/// <summary>Some samples of another data set, in the order given, without a copy of them.</summary>
sealed class DatasetSubset : Dataset
{
    readonly Dataset _source;
    readonly int[] _indices;
    int[] _prepared = [];

    /// <param name="source">The data set that holds the samples.</param>
    /// <param name="indices">Positions in <paramref name="source"/>; repeats are allowed.</param>
    [SetsRequiredMembers]
    public DatasetSubset(Dataset source, int[] indices)
    {
        foreach (var index in indices)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)source.Count, nameof(indices));
        _source = source;
        _indices = indices;
        Prefix = source.Prefix;
        Name = source.Name;
        Count = indices.Length;
        SampleShape = source.SampleShape;
        SampleLength = source.SampleLength;
        TargetLength = source.TargetLength;
        ClassCount = source.ClassCount;
        ClassNames = source.ClassNames;
        Labels = source.Labels is { } labels ? Array.ConvertAll(indices, i => labels[i]) : null;
        if (source.Targets is not null)
        {
            Targets = new float[indices.Length * TargetLength];
            for (var i = 0; i < indices.Length; i++)
                source.CopyTarget(indices[i], Targets.AsSpan(i * TargetLength, TargetLength));
        }
    }

    internal override Dataset Raw => Prefix is null ? this : new DatasetSubset(_source.Raw, _indices);

    /// <summary>Positions in the source, in this set's order.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <inheritdoc/>
    public override long ResidentBytes =>
        4L * _indices.Length + 4L * (Labels?.Length ?? 0) + 4L * (Targets?.Length ?? 0);

    /// <inheritdoc/>
    internal override void Prepare(ReadOnlySpan<int> samples)
    {
        if (Prefix is null) return;
        if (_prepared.Length < samples.Length) _prepared = new int[samples.Length];
        for (var i = 0; i < samples.Length; i++) _prepared[i] = _indices[samples[i]];
        _source.Prepare(_prepared.AsSpan(0, samples.Length));
    }

    /// <inheritdoc/>
    public override void CopySample(int index, Span<float> destination) => _source.CopySample(_indices[index], destination);
}
