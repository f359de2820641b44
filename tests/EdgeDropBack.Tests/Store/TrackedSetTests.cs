using EdgeDropBack.Store;

namespace EdgeDropBack.Tests.Store;

public sealed class TrackedSetTests
{
    static readonly TrackedTensor[] s_tensors = [new("a", 10), new("empty", 0), new("b", 200_000), new("c", 65536)];

    static TrackedSet Filled(int slots = 0)
    {
        var set = new TrackedSet(s_tensors, 8, slots);
        set.BeginUpdate();
        set.Append(0, 0, 1f);
        set.Append(0, 9, 2f);
        set.Append(2, 65535, 3f);
        set.Append(2, 65536, 4f);
        set.Append(2, 199_999, 5f);
        set.Append(3, 7, 6f);
        set.Commit();
        return set;
    }

    [Fact]
    public void TileStartsAndIndicesAreLocalToTensorAndTile()
    {
        TrackedSet set = Filled();
        Assert.Equal(6, set.Count);
        Assert.Equal([0, 2], set[0].TileStarts.ToArray());
        Assert.Equal([0], set[1].TileStarts.ToArray());
        Assert.Equal([0, 1, 2, 2, 3], set[2].TileStarts.ToArray());
        Assert.Equal([65535, 0, 3391], set[2].Indices.ToArray());
        Assert.Equal([3f, 4f, 5f], set[2].Values.ToArray());
        Assert.Equal([65535L, 65536, 199_999], Enumerable.Range(0, 3).Select(set[2].IndexAt));
        Assert.Equal(2, set[2].Find(199_999));
        Assert.Equal(-1, set[2].Find(131_072));
        Assert.Equal(-1, set[2].Find(200_000));
        Assert.Equal(-1, set[2].Find(-1));
        Assert.Equal(-1, set[1].Find(0));
    }

    [Fact]
    public void NothingIsSeenBeforeTheCommit()
    {
        TrackedSet set = Filled();
        set.BeginUpdate();
        set.Append(0, 3, 9f);
        Assert.Equal(6, set.Count);
        set.BeginUpdate();
        set.Append(3, 65535, 8f);
        set.Commit();
        Assert.Equal(1, set.Count);
        Assert.Equal(65535, set[3].IndexAt(0));
        Assert.Equal(0, set[0].Count);
    }

    [Fact]
    public void OptimizerStateFollowsItsEntryAndStartsAtZero()
    {
        TrackedSet set = Filled(slots: 2);
        for (int i = 0; i < set.Count; i++)
            (set.OptimizerState(0)[i], set.OptimizerState(1)[i]) = (10 + i, 20 + i);
        set.BeginUpdate();
        set.Append(0, 9, 2f);
        set.Append(2, 65534, 0f);
        set.Append(2, 65536, 4f);
        set.Append(2, 131_072, 0f);
        set.Append(2, 199_999, 5f);
        set.Append(3, 7, 6f);
        set.Commit();
        Assert.Equal([11f, 0, 13, 0, 14, 15], set.OptimizerState(0).ToArray());
        Assert.Equal([21f, 0, 23, 0, 24, 25], set.OptimizerState(1).ToArray());
    }

    [Fact]
    public void WrongOrderRangeAndOverflowAreRefused()
    {
        TrackedSet set = Filled();
        Assert.Throws<InvalidOperationException>(() => set.Append(0, 0, 1f));
        Assert.Throws<InvalidOperationException>(set.Commit);
        set.BeginUpdate();
        set.Append(2, 5, 1f);
        Assert.Throws<ArgumentException>(() => set.Append(2, 5, 1f));
        Assert.Throws<ArgumentException>(() => set.Append(0, 6, 1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Append(2, 200_000, 1f));
        for (int i = 6; i < 13; i++)
            set.Append(2, i, 1f);
        Assert.Throws<InvalidOperationException>(() => set.Append(2, 13, 1f));
    }

    [Fact]
    public void AnUpdateAllocatesNothing()
    {
        TrackedSet set = Filled(slots: 1);
        static void Update(TrackedSet set)
        {
            set.BeginUpdate();
            for (int i = 0; i < 8; i++)
                set.Append(2, i * 20_000, i);
            set.Commit();
        }

        Update(set);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Update(set);
        Update(set);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void MemoryStaysWithinSixBytesAWeightFourATileSixtyFourATensor()
    {
        TrackedTensor[] tensors = [.. Enumerable.Range(0, 200).Select(i => new TrackedTensor("t", i * 10_000L))];
        long tiles = tensors.Sum(t => t.TileCount);
        _ = new TrackedSet(tensors, 10, 0, updatable: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var set = new TrackedSet(tensors, 50_000, 0, updatable: false);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= (6L * 50_000) + (4 * tiles) + (64 * tensors.Length) + 4096,
            $"{allocated} bytes, {set.ByteCount} in arrays");
    }

    [Fact]
    public void CopyTakesContentOverAndFreezeKeepsValuesWritable()
    {
        TrackedSet source = Filled(slots: 1);
        source.OptimizerState(0).Fill(7f);
        var copy = new TrackedSet(s_tensors, 6, optimizerSlots: 2);
        copy.CopyFrom(source);
        copy.Freeze();
        Assert.Equal(source.Indices.ToArray(), copy.Indices.ToArray());
        Assert.Equal(source[2].TileStarts.ToArray(), copy[2].TileStarts.ToArray());
        Assert.Equal(7f, copy.OptimizerState(0)[5]);
        Assert.Equal(0f, copy.OptimizerState(1)[5]);
        copy[3].Values[0] = 1.5f;
        Assert.Equal(1.5f, copy.Values[5]);
        Assert.Throws<InvalidOperationException>(copy.BeginUpdate);
        Assert.Throws<ArgumentException>(() => new TrackedSet(s_tensors, 5).CopyFrom(source));
        Assert.Throws<ArgumentException>(() => new TrackedSet([new("a", 10)], 9).CopyFrom(source));
    }
}
