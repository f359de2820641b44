namespace EdgeDropBack.Training;

/// <summary>Writes inputs of a batch.</summary>
/// <param name="input">[samples, ...] as many as fit; those beyond the end of the batch are padding.</param>
/// <param name="first">The first of them, by its place in the batch.</param>
delegate void BatchFill(Span<float> input, int first);
