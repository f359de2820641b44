namespace EdgeDropBack.Onnx;

/// <summary>What is free in an architecture.</summary>
/// <param name="Seed">Of all weights.</param>
/// <param name="Classes">Outputs; null for the architecture's own.</param>
/// <param name="Input">Channels, height and width of a sample; null for the architecture's own.</param>
/// <param name="Scale">Of the weights; null for the architecture's own.</param>
sealed record ModelOptions(uint Seed, int? Classes = null, int[]? Input = null, InitialScale? Scale = null);
