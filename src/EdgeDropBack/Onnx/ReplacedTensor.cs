namespace EdgeDropBack.Onnx;

/// <summary>New values for a constant of a model.</summary>
/// <param name="Dims">New shape.</param>
/// <param name="Read">Fills a chunk with the values from an element on; called in order while the model is written.</param>
sealed record ReplacedTensor(IReadOnlyList<long> Dims, Action<long, Span<float>> Read);
