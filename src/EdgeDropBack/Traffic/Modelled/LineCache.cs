namespace EdgeDropBack.Traffic;

/// <summary>A set-associative cache of lines with least-recently-used replacement, write-allocate and write-back.</summary>
sealed class LineCache
{
    readonly long _sets;

    /// <summary>Sets - 1 where they are a power of two, so that no line has to be divided; 0 else.</summary>
    readonly long _mask;

    readonly int _ways;

    /// <summary>[sets, ways] line numbers + 1, most recently used first; 0 where nothing lies.</summary>
    readonly long[] _lines;

    /// <summary>[sets, ways] who wrote the line last, + 1; 0 while it is clean.</summary>
    readonly int[] _writers;

    public LineCache(long sets, int ways)
    {
        (_sets, _ways) = (sets, ways);
        _mask = long.IsPow2(sets) ? sets - 1 : 0;
        _lines = new long[sets * ways];
        _writers = new int[sets * ways];
    }

    /// <summary>Reads or writes a line, bringing it in where it is missing.</summary>
    /// <param name="writer">0 or more for a write, -1 for a read.</param>
    /// <param name="evicted">The writer of the line that had to be written back; -1 for none.</param>
    /// <returns>Whether the line was there.</returns>
    public bool Touch(long line, int writer, out int evicted)
    {
        var set = Set(line);
        ref var first = ref _lines[set];
        evicted = -1;
        if (first == line + 1)
        {
            if (writer >= 0) _writers[set] = writer + 1;
            return true;
        }
        // The lines in front of it move back by one, each as it is passed.
        var lines = _lines.AsSpan(set, _ways);
        var writers = _writers.AsSpan(set, _ways)[..lines.Length];
        var (moved, movedWriter) = (line + 1, 0);
        for (var way = 0; way < lines.Length; way++)
        {
            (lines[way], moved) = (moved, lines[way]);
            (writers[way], movedWriter) = (movedWriter, writers[way]);
            if (moved != line + 1) continue;
            writers[0] = writer >= 0 ? writer + 1 : movedWriter;
            return true;
        }
        evicted = movedWriter - 1;
        writers[0] = writer + 1;
        return false;
    }

    /// <summary>The same of a cache that holds nothing of its own: whether the line was there, which it is afterwards.</summary>
    public bool Touch(long line)
    {
        var set = Set(line);
        var moved = line + 1;
        if (_lines[set] == moved) return true;
        var lines = _lines.AsSpan(set, _ways);
        for (var way = 0; way < lines.Length; way++)
        {
            (lines[way], moved) = (moved, lines[way]);
            if (moved == line + 1) return true;
        }
        return false;
    }

    int Set(long line) => (int)(_mask != 0 ? line & _mask : line % _sets) * _ways;
}
