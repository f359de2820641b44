using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Traffic;

public sealed class LineCacheTests
{
    [Fact]
    public void TheLeastRecentlyUsedLineOfTheSetLeaves()
    {
        var cache = new LineCache(sets: 2, ways: 2);
        Assert.False(cache.Touch(0, -1, out _));
        Assert.False(cache.Touch(2, -1, out _));
        Assert.True(cache.Touch(0, -1, out _));
        Assert.False(cache.Touch(4, -1, out _));
        Assert.True(cache.Touch(0, -1, out _));
        Assert.False(cache.Touch(2, -1, out _));
    }

    [Fact]
    public void SetsDoNotDisturbEachOther()
    {
        var cache = new LineCache(sets: 2, ways: 1);
        cache.Touch(0, -1, out _);
        cache.Touch(1, -1, out _);
        Assert.True(cache.Touch(0, -1, out _));
        Assert.True(cache.Touch(1, -1, out _));
    }

    [Fact]
    public void AWrittenLineIsWrittenBackOnceInTheNameOfItsLastWriter()
    {
        var cache = new LineCache(sets: 1, ways: 1);
        cache.Touch(0, 3, out _);
        cache.Touch(0, 7, out var hit);
        cache.Touch(0, -1, out _);
        Assert.Equal(-1, hit);
        cache.Touch(1, -1, out var evicted);
        Assert.Equal(7, evicted);
        cache.Touch(2, -1, out var clean);
        Assert.Equal(-1, clean);
    }

    /// <summary>Against a list that is searched and reordered.</summary>
    [Fact]
    public void AgreesWithAPlainList()
    {
        const int ways = 3;
        var cache = new LineCache(sets: 1, ways);
        var list = new List<(long Line, int Writer)>();
        var state = 1u;
        for (var i = 0; i < 2000; i++)
        {
            state = state * 1664525u + 1013904223u;
            var (line, writer) = ((long)(state >> 16) % 7, (state >> 28) % 2 == 0 ? (int)(state >> 8) % 5 : -1);
            var at = list.FindIndex(entry => entry.Line == line);
            var (kept, expected) = (at < 0 ? -1 : list[at].Writer, -1);
            if (at >= 0) list.RemoveAt(at);
            else if (list.Count == ways)
            {
                expected = list[^1].Writer;
                list.RemoveAt(ways - 1);
            }
            list.Insert(0, (line, writer >= 0 ? writer : kept));
            Assert.Equal(at >= 0, cache.Touch(line, writer, out var evicted));
            Assert.Equal(expected, evicted);
        }
    }
}
