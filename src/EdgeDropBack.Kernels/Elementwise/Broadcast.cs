namespace EdgeDropBack.Kernels;

/// <summary>
/// Plan of one broadcast of two shapes by numpy's rules. Neighbouring dimensions that are broadcast alike are merged, so that equal
/// shapes and a scalar become one dimension, [N, C] with [C] two, and [N, C, H, W] with [1, C, 1, 1] three.
/// </summary>
public sealed class Broadcast
{
    /// <summary>Shapes a and b, outermost dimension first; rank 0 is a scalar.</summary>
    /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
    public Broadcast(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int rank = Math.Max(a.Length, b.Length);
        Shape = new int[rank];
        var sizes = new List<int>();
        var kinds = new List<(bool A, bool B)>();
        for (int i = 0; i < rank; i++)
        {
            int sizeA = i < rank - a.Length ? 1 : a[i - (rank - a.Length)];
            int sizeB = i < rank - b.Length ? 1 : b[i - (rank - b.Length)];
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
                throw new ArgumentException($"[{string.Join(",", a.ToArray())}] and [{string.Join(",", b.ToArray())}] do not broadcast at dimension {i}");
            int size = Shape[i] = sizeA == 1 ? sizeB : sizeA;
            if (size == 1) continue;
            var kind = (A: sizeA != 1, B: sizeB != 1);
            if (kinds.Count > 0 && kinds[^1] == kind) sizes[^1] *= size;
            else
            {
                sizes.Add(size);
                kinds.Add(kind);
            }
        }
        if (sizes.Count == 0)
        {
            sizes.Add(1);
            kinds.Add((true, true));
        }
        Sizes = [.. sizes];
        StrideA = new int[sizes.Count];
        StrideB = new int[sizes.Count];
        int countA = 1, countB = 1, count = 1;
        for (int i = sizes.Count - 1; i >= 0; i--)
        {
            count *= sizes[i];
            if (kinds[i].A)
            {
                StrideA[i] = countA;
                countA *= sizes[i];
            }
            if (kinds[i].B)
            {
                StrideB[i] = countB;
                countB *= sizes[i];
            }
        }
        (Count, CountA, CountB) = (count, countA, countB);
    }

    /// <summary>Shape of the result.</summary>
    public int[] Shape { get; }

    /// <summary>Elements of the result, of a and of b.</summary>
    public int Count { get; }

    public int CountA { get; }

    public int CountB { get; }

    internal int[] Sizes { get; }

    /// <summary>Element strides by merged dimension, 0 where the operand is repeated; the innermost is 0 or 1.</summary>
    internal int[] StrideA { get; }

    internal int[] StrideB { get; }

    internal int Inner => Sizes[^1];

    internal int Rank => Sizes.Length;

    /// <summary>Steps the index of the outer merged dimensions in row-major order and moves both offsets along.</summary>
    internal void Next(Span<int> index, ref int offsetA, ref int offsetB)
    {
        for (int d = index.Length - 1; d >= 0; d--)
        {
            offsetA += StrideA[d];
            offsetB += StrideB[d];
            if (++index[d] < Sizes[d]) return;
            index[d] = 0;
            offsetA -= StrideA[d] * Sizes[d];
            offsetB -= StrideB[d] * Sizes[d];
        }
    }
}
