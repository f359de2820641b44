using EdgeDropBack.Prefixes;

namespace EdgeDropBack.Data;

/// <summary>Samples as a model takes them, held in memory. Reading a sample allocates nothing.</summary>
public abstract class Dataset
{
    /// <summary>The file or folder, for messages.</summary>
    public required string Name { get; init; }

    public required int Count { get; init; }

    /// <summary>Shape of one sample, without the batch axis.</summary>
    public required int[] SampleShape { get; init; }

    /// <summary>Values of one sample: the product of <see cref="SampleShape"/>.</summary>
    public required int SampleLength { get; init; }

    /// <summary>[Count] class indices, or null where the data has float targets of its own.</summary>
    public int[]? Labels { get; init; }

    /// <summary>
    /// [Count, TargetLength] row-major, or null where labels are asked for. Class labels spread into targets are there as both.
    /// </summary>
    public float[]? Targets { get; init; }

    public int TargetLength { get; init; }

    /// <summary>Classes that <see cref="Labels"/> index into: the model's, or with a new last layer the data's. 0 without labels.</summary>
    public int ClassCount { get; init; }

    /// <summary>Class names in output order where they are known.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Samples named and left out.</summary>
    public IReadOnlyList<SkippedSample> Skipped { get; init; } = [];

    /// <summary>Remarks for the log, a line each: ignored files, a likely missing scale.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary><see cref="Skipped"/>, a line each.</summary>
    internal IReadOnlyList<string> SkippedLines => [.. Skipped.Select(s => $"{Printable.Name(s.Name)}: {Printable.Line(s.Reason)}")];

    /// <summary>Tells the notes and the first samples left out, with the number of the others.</summary>
    internal void Tell(Action<string>? log)
    {
        const int MostLines = 10;
        if (log is null) return;
        foreach (var note in Notes) log(note);
        foreach (var line in SkippedLines.Take(MostLines)) log($"skipped {line}");
        if (Skipped.Count > MostLines) log($"{Name}: {Skipped.Count} samples skipped in all; --json names each");
    }

    /// <summary>The frozen front of a model that the samples went through; null where they are as the model takes them.</summary>
    internal FrozenPrefix? Prefix { get; init; }

    /// <summary>The samples as the model takes them, whatever they went through.</summary>
    internal virtual Dataset Raw => this;

    /// <summary>Managed memory held by the samples, bytes.</summary>
    public abstract long ResidentBytes { get; }

    /// <summary>Told which samples are read next, so that what has to be computed for them is computed together.</summary>
    internal virtual void Prepare(ReadOnlySpan<int> samples)
    {
    }

    /// <summary>Writes a sample, preprocessed, as float32.</summary>
    /// <param name="index">0..Count-1.</param>
    /// <param name="destination">[SampleLength].</param>
    public abstract void CopySample(int index, Span<float> destination);

    /// <summary>Writes a sample's float targets.</summary>
    /// <param name="index">0..Count-1.</param>
    /// <param name="destination">[TargetLength].</param>
    public void CopyTarget(int index, Span<float> destination) =>
        Targets.AsSpan(index * TargetLength, TargetLength).CopyTo(destination);
}
