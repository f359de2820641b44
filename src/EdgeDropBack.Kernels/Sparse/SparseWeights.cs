namespace EdgeDropBack.Kernels;

/// <summary>The tracked entries of a <see cref="WeightSource"/> over a zero base, pinned. Values are null where nothing is tracked.</summary>
readonly unsafe struct SparseWeights(int* tileStarts, ushort* indices, float* values)
{
    public readonly int* TileStarts = tileStarts;
    public readonly ushort* Indices = indices;
    public readonly float* Values = values;
}
