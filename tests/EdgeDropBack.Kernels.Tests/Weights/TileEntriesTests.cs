namespace EdgeDropBack.Kernels.Tests;

public sealed class TileEntriesTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 7)]
    [InlineData(17, 40)]
    [InlineData(300, 217)]
    [InlineData(3000, 3)]
    [InlineData(65536, 1)]
    public void TheFirstEntryIsFoundWhereverItLies(int count, int spread)
    {
        var indices = new ushort[count];
        for (var i = 0; i < count; i++)
            indices[i] = (ushort)((long)i * spread + IndexedRandom.Hash(1, 2, (ulong)i) % (uint)spread);
        var expected = 0;
        for (var local = -3L; local < WeightSource.TileSize + 3; local += 7)
        {
            while (expected < count && indices[expected] < local)
                expected++;
            Assert.Equal(expected, TileEntries.First(indices, local));
        }
    }
}
