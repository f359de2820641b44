namespace EdgeDropBack.Onnx;

/// <summary>A graph input, output or intermediate value with its declared type.</summary>
/// <param name="Name">Value name.</param>
/// <param name="Kind">What TypeProto holds: tensor, sequence, map, optional, sparse_tensor, opaque or none.</param>
/// <param name="ElementType">Element type of a tensor; Undefined otherwise.</param>
/// <param name="Dims">Declared shape; null when the rank is unknown.</param>
sealed record OnnxValueInfo(string Name, string Kind, OnnxDataType ElementType, IReadOnlyList<OnnxDim>? Dims)
{
    public bool IsTensor => Kind == "tensor";

    public override string ToString() =>
        $"{Name}: {(IsTensor ? ElementType.ToString() : Kind)}[{(Dims is null ? "..." : string.Join(",", Dims))}]";
}
