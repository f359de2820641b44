namespace EdgeDropBack.Data;

/// <summary>Samples as raw bytes of their source's type, already in the model's layout; converted when read.</summary>
sealed class InMemoryDataset(byte[] bytes, int bytesPerSample, int[]? kept, SampleTransform transform) : Dataset
{
    /// <inheritdoc/>
    public override long ResidentBytes =>
        bytes.LongLength + 4L * (kept?.Length ?? 0) + 4L * (Labels?.Length ?? 0) + 4L * (Targets?.Length ?? 0);

    /// <inheritdoc/>
    public override void CopySample(int index, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        var row = kept is null ? index : kept[index];
        transform.Apply(bytes.AsSpan(row * bytesPerSample, bytesPerSample), destination[..SampleLength]);
    }
}
