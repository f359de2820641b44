using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>Samples and their labels or targets as a file gave them, before they are fitted to the model.</summary>
/// <param name="Name">File or folder.</param>
/// <param name="X">[N, ...].</param>
/// <param name="Y">[N] or [N, ...].</param>
sealed record ArraySource(string Name, NpyArray X, NpyArray Y)
{
    /// <summary>How a sample is named in messages.</summary>
    internal Func<int, string> SampleName { get; init; } = static i => string.Create(CultureInfo.InvariantCulture, $"sample {i}");

    internal IReadOnlyList<SkippedSample> Skipped { get; init; } = [];
    internal IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Set where <see cref="Y"/> already holds indices into these names.</summary>
    internal IReadOnlyList<string>? ClassNames { get; init; }
}
