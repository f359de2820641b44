namespace EdgeDropBack.Onnx;

/// <summary>New values for some elements of what a DequantizeLinear node gives; its integers stay as they are.</summary>
/// <param name="Dims">The whole tensor's shape.</param>
/// <param name="Indices">[k] flat indices, ascending.</param>
/// <param name="Values">[k].</param>
public sealed record OverlaidTensor(IReadOnlyList<long> Dims, long[] Indices, float[] Values);
