using EdgeDropBack.Onnx;

namespace EdgeDropBack.Prefixes;

/// <summary>A value that a prefix computed.</summary>
/// <param name="Type">Element type that the model has it in.</param>
/// <param name="Shape">Whole, batch included; empty for a scalar.</param>
/// <param name="Values">As floats.</param>
/// <param name="Integers">The same exactly, where the type is an integer one.</param>
sealed record PrefixTensor(OnnxDataType Type, int[] Shape, float[] Values, long[]? Integers = null);
