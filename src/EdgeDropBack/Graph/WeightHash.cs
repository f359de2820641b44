using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeDropBack.Graphs;

/// <summary>SHA-256 over all weights of a graph, without anything trained: the same on every machine where the bases are.</summary>
static class WeightHash
{
    const int Chunk = 1 << 16;

    /// <returns>Over the little-endian binary32 values of all parameters, in the graph's order.</returns>
    public static string Of(Graph graph)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var values = new float[Chunk];
        foreach (var parameter in graph.Parameters)
        {
            var source = parameter.Source();
            for (var start = 0; start < parameter.Count; start += Chunk)
            {
                var chunk = values.AsSpan(0, Math.Min(Chunk, parameter.Count - start));
                source.CopyTo(start, chunk);
                hash.AppendData(MemoryMarshal.AsBytes(chunk));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
