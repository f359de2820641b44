namespace EdgeDropBack.Graphs;

/// <summary>
/// A node of the file that reads floating-point weights as numbers and not as a parameter: running statistics, scales, single constants.
/// Training another use of the same weights leaves what is read here as it is.
/// </summary>
/// <param name="Name">The initializer, or the output of the Identity that it is read through.</param>
/// <param name="Writer">The first output, of those that have a name, of the node that reads.</param>
/// <param name="Input">The input at which it reads.</param>
/// <param name="OwnName">A name that nothing in the file has: for this read alone, where others read <paramref name="Name"/> too.</param>
/// <param name="IsInFile">False inside a function, where the read cannot be given another name.</param>
/// <param name="IsShared">Something else in the file reads <paramref name="Name"/> too, also where this graph does not reach.</param>
/// <param name="Dims">Shape of what is read.</param>
/// <param name="Values">What the file holds, row-major.</param>
sealed record FixedRead(string Name, string Writer, int Input, string OwnName, bool IsInFile, bool IsShared, IReadOnlyList<long> Dims, Func<float[]> Values);
