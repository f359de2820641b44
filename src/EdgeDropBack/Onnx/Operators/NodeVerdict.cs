namespace EdgeDropBack.Onnx;

/// <summary>What can be done with one node, for `edb inspect`.</summary>
sealed record NodeVerdict(int Ordinal, string Name, string Type, Verdict Verdict, string Shape, string Reason);

enum Verdict
{
    Trainable,
    ForwardOnly,
    Folded,

    /// <summary>A weight tensor that is computed from a seed wherever it is needed.</summary>
    Regenerated,

    /// <summary>In front of the cut: another runtime computes it, and it stays as it is.</summary>
    Frozen,
    Unsupported,
    NotReached,
}
