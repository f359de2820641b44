namespace EdgeDropBack.Planning;

/// <summary>
/// Parts of the forward whose inner activations are dropped and computed again before the part's backward (Chen et al. 2016). What a later
/// part reads is kept, and the last part is: its backward comes at once. The same kernels run on the same values, so no bit changes (Law 4).
/// </summary>
/// <param name="cuts">The first node of every part but the first, by its place in the forward order.</param>
sealed class Recomputation(params IReadOnlyList<int> cuts)
{
    /// <summary>One part: nothing is computed again.</summary>
    public static Recomputation None { get; } = new();

    public IReadOnlyList<int> Cuts { get; } = [.. cuts.Order()];

    internal int PartOf(int index) => Cuts.Count(cut => cut <= index);

    internal Recomputation With(int cut) => new([.. Cuts, cut]);
}
