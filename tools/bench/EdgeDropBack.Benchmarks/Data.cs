using EdgeDropBack.Kernels;

namespace EdgeDropBack.Benchmarks;

static class Data
{
    public static float[] Normal(long count, uint stream)
    {
        var values = new float[count];
        IndexedRandom.Fill(new RegeneratedBase(1, stream, 1, Distribution.Normal), 0, values);
        return values;
    }

    /// <summary>Every <paramref name="step"/>-th weight is tracked.</summary>
    public static (int[] TileStarts, ushort[] Indices, float[] Values) Tracked(long count, int step)
    {
        var indices = new List<ushort>();
        var starts = new List<int> { 0 };
        for (var tile = 0L; tile < count; tile += WeightSource.TileSize)
        {
            for (var i = (step - tile % step) % step; i < Math.Min(WeightSource.TileSize, count - tile); i += step) indices.Add((ushort)i);
            starts.Add(indices.Count);
        }
        return ([.. starts], [.. indices], Normal(indices.Count, 9));
    }
}
