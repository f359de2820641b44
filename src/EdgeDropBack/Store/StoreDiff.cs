namespace EdgeDropBack.Store;

/// <summary>Compares the tracked weights of two stores of the same tensors.</summary>
static class StoreDiff
{
    /// <summary>One row per tensor, in parameter order.</summary>
    /// <exception cref="EdbException">The stores have different tensors.</exception>
    public static IReadOnlyList<TensorDiff> Compare(SparseStore a, SparseStore b)
    {
        if (!a.Tracked.HasTensors(b.Tracked))
            throw EdbException.Refused($"the stores have different tensors (models {SparseStore.Short(a.Meta.ModelSha256)} and "
                + $"{SparseStore.Short(b.Meta.ModelSha256)}); compare stores of one model");
        return [.. a.Tracked.Tensors.Zip(b.Tracked.Tensors, Compare)];
    }

    static TensorDiff Compare(TrackedValues a, TrackedValues b)
    {
        int onlyInA = 0, onlyInB = 0, same = 0, changed = 0;
        float largest = 0;
        for (int tile = 0; tile < a.TileCount; tile++)
        {
            int i = a.TileStarts[tile], iEnd = a.TileStarts[tile + 1], j = b.TileStarts[tile], jEnd = b.TileStarts[tile + 1];
            while (i < iEnd || j < jEnd)
            {
                int order = i == iEnd ? 1 : j == jEnd ? -1 : a.Indices[i].CompareTo(b.Indices[j]);
                if (order < 0)
                {
                    onlyInA++;
                    i++;
                }
                else if (order > 0)
                {
                    onlyInB++;
                    j++;
                }
                else
                {
                    float x = a.Values[i++], y = b.Values[j++];
                    if (BitConverter.SingleToUInt32Bits(x) == BitConverter.SingleToUInt32Bits(y))
                    {
                        same++;
                        continue;
                    }

                    changed++;
                    largest = MathF.Max(largest, MathF.Abs(x - y));
                }
            }
        }

        return new TensorDiff(a.Name, onlyInA, onlyInB, same, changed, largest);
    }
}
