namespace EdgeDropBack.Kernels;

/// <summary>The last entry that is kept under the strict order: score descending, tie-break descending, key ascending.</summary>
public readonly record struct Cutoff(float Score, float TieBreak, ulong Key)
{
    /// <summary>Keeps everything.</summary>
    public static readonly Cutoff None = new(float.NegativeInfinity, float.NegativeInfinity, ulong.MaxValue);

    public bool Keeps(float score, float tieBreak, ulong key)
        => score > Score || (score == Score && (tieBreak > TieBreak || (tieBreak == TieBreak && key <= Key)));
}
