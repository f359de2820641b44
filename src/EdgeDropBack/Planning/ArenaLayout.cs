namespace EdgeDropBack.Planning;

/// <summary>Gives every buffer an offset such that buffers that live at the same time never overlap: largest first, lowest gap that fits.</summary>
static class ArenaLayout
{
    const int AlignmentFloats = 16;

    /// <summary>Sets the offsets.</summary>
    /// <returns>Length of the arena in floats.</returns>
    public static long Place(IReadOnlyList<PlannedBuffer> buffers)
    {
        var bySize = buffers.Select((buffer, index) => (buffer, index)).Where(b => b.buffer.IsUsed && b.buffer.Floats > 0)
            .OrderByDescending(b => b.buffer.Floats).ThenBy(b => b.index).Select(b => b.buffer).ToArray();
        foreach (var buffer in buffers) if (buffer.Floats == 0) buffer.Offset = 0;
        var placed = new List<PlannedBuffer>(bySize.Length);
        long length = 0;
        foreach (var buffer in bySize)
        {
            long offset = 0;
            foreach (var other in placed)
            {
                if (!other.Overlaps(buffer)) continue;
                if (other.Offset - offset >= Aligned(buffer.Floats)) break;
                offset = Math.Max(offset, other.Offset + Aligned(other.Floats));
            }
            buffer.Offset = offset;
            placed.Insert(InsertionPoint(placed, offset), buffer);
            length = Math.Max(length, offset + Aligned(buffer.Floats));
        }
        return length;
    }

    static int InsertionPoint(List<PlannedBuffer> placed, long offset)
    {
        var at = placed.Count;
        while (at > 0 && placed[at - 1].Offset > offset) at--;
        return at;
    }

    static long Aligned(int floats) => (floats + AlignmentFloats - 1L) / AlignmentFloats * AlignmentFloats;
}
