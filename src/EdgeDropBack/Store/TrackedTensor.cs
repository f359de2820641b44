namespace EdgeDropBack.Store;

/// <summary>A trainable tensor as the store sees it: its initializer's name and its number of elements.</summary>
public readonly record struct TrackedTensor(string Name, long ElementCount)
{
    /// <summary>Tiles of <see cref="TrackedSet.TileSize"/> consecutive flat indices; the last one may be short.</summary>
    public long TileCount => (ElementCount + TrackedSet.TileSize - 1) / TrackedSet.TileSize;
}
