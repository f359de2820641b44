namespace EdgeDropBack.Prefixes;

/// <summary>A value that the suffix takes from the prefix for each sample.</summary>
/// <param name="Name">In the model.</param>
/// <param name="SampleShape">Without the batch axis.</param>
/// <param name="Offset">Where it begins in what the prefix makes of a sample.</param>
/// <param name="Length">Numbers a sample.</param>
/// <param name="Type">Element type in the model; carried as float32.</param>
sealed record CutValue(string Name, int[] SampleShape, int Offset, int Length, Onnx.OnnxDataType Type);
