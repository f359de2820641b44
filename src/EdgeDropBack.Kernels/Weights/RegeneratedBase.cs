namespace EdgeDropBack.Kernels;

/// <summary>A base that is a function of seed, tensor and index (<see cref="IndexedRandom"/>).</summary>
/// <param name="Seed">Seed of the whole model.</param>
/// <param name="Tensor">Ordinal of the parameter in the model.</param>
/// <param name="Scale">Standard deviation (normal), half width (uniform), or the value itself (constant).</param>
/// <param name="Distribution">Shape of the values.</param>
public readonly record struct RegeneratedBase(uint Seed, uint Tensor, float Scale, Distribution Distribution);
