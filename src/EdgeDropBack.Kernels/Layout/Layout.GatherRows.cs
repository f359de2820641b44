namespace EdgeDropBack.Kernels;

static partial class Layout
{
    /// <summary>y [indices, inner] = rows of the weights; each is read from the base, with the tracked values laid over it.</summary>
    /// <param name="indices">None negative.</param>
    public static void GatherRows(in WeightSource weights, ReadOnlySpan<int> indices, Span<float> y, int inner)
    {
        SpanGuard.AtLeast(y.Length, (long)indices.Length * inner);
        for (var k = 0; k < indices.Length; k++) weights.CopyTo((long)indices[k] * inner, y.Slice(k * inner, inner));
    }

    /// <summary>Places in the order of the rows that they gather, places of one row ascending.</summary>
    /// <param name="order">[indices] row in the high half, place in the low one.</param>
    public static void SortByRow(ReadOnlySpan<int> indices, Span<ulong> order)
    {
        for (var k = 0; k < indices.Length; k++) order[k] = (ulong)indices[k] << 32 | (uint)k;
        order[..indices.Length].Sort();
    }

    /// <summary>The first of a sorted order's places that gather another row than the place at <paramref name="first"/>.</summary>
    public static int EndOfRow(ReadOnlySpan<ulong> order, int first)
    {
        var end = first + 1;
        while (end < order.Length && order[end] >> 32 == order[first] >> 32) end++;
        return end;
    }

    /// <summary>gradient [inner] = the sum of dy [places, inner] over the places of one row, ascending, from 0.</summary>
    public static void SumOfPlaces(ReadOnlySpan<float> dy, ReadOnlySpan<ulong> places, Span<float> gradient)
    {
        gradient.Clear();
        foreach (var place in places) Elementwise.AddTo(dy.Slice((int)(uint)place * gradient.Length, gradient.Length), gradient);
    }
}
