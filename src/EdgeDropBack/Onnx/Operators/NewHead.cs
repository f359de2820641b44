namespace EdgeDropBack.Onnx;

/// <summary>Replaces the last layer by one for <paramref name="Classes"/> classes, its weights regenerated from <paramref name="Seed"/>, its biases zero.</summary>
sealed record NewHead(int Classes, uint Seed);
