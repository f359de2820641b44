namespace EdgeDropBack.Onnx;

/// <summary>What can be done with one node, for `edb inspect`.</summary>
public sealed record NodeVerdict(int Ordinal, string Name, string Type, Verdict Verdict, string Shape, string Reason);

public enum Verdict
{
    Trainable,
    ForwardOnly,
    Folded,
    Unsupported,
    NotReached,
}
