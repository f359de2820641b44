namespace EdgeDropBack.Graphs;

/// <summary>Weights behind an Identity node of the file, which are weights of their own.</summary>
/// <param name="Name">The Identity's output.</param>
/// <param name="Source">Its input: an initializer, a Constant's output, or that of another Identity.</param>
/// <param name="Dims">Shape.</param>
/// <param name="Values">What the file holds, row-major; null where it holds integers, which are never replaced.</param>
sealed record IdentityCopy(string Name, string Source, IReadOnlyList<long> Dims, Func<float[]>? Values);
