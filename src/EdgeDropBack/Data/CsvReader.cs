namespace EdgeDropBack.Data;

/// <summary>
/// Rows of a CSV file (RFC 4180: quotes, quoted line breaks), one at a time; the separator is the most frequent of , ; and tab in the first
/// line.
/// </summary>
sealed class CsvReader : IDisposable
{
    readonly StreamReader _reader;
    readonly string _name;
    readonly List<int> _ends = [];
    readonly char[] _buffer = new char[1 << 14];
    char[] _row = new char[1 << 10];
    int _rowLength;
    int _at;
    int _filled;
    long _chars;
    int _line;

    internal CsvReader(string path)
    {
        _name = Printable.Name(path);
        _reader = new StreamReader(DataFile.OpenMaybeGzip(path, out _));
        Fill();
        var head = _buffer.AsSpan(0, _filled);
        var end = head.IndexOfAny('\n', '\r');
        Separator = MostFrequent(end < 0 ? head : head[..end]);
    }

    internal char Separator { get; }

    /// <summary>Line the current row starts on, from 1.</summary>
    internal int Line { get; private set; }

    /// <summary>Cells of the current row.</summary>
    internal int Count => _ends.Count;

    internal ReadOnlySpan<char> this[int cell]
    {
        get
        {
            var start = cell == 0 ? 0 : _ends[cell - 1];
            return _row.AsSpan(start, _ends[cell] - start).Trim();
        }
    }

    /// <summary>Moves to the next row that is not blank.</summary>
    internal bool Read()
    {
        do
        {
            if (_at == _filled && !Fill())
                return false;
            ReadRow();
        }
        while (_ends.Count == 1 && this[0].IsEmpty);
        return true;
    }

    public void Dispose() => _reader.Dispose();

    void ReadRow()
    {
        _ends.Clear();
        _rowLength = 0;
        Line = ++_line;
        var quoted = false;
        while (_at < _filled || Fill())
        {
            var c = _buffer[_at++];
            if (c == '\n')
                _line += quoted ? 1 : 0;
            if (c == '"')
            {
                if (quoted && (_at < _filled || Fill()) && _buffer[_at] == '"')
                    Append(_buffer[_at++]);
                else
                    quoted = !quoted;
            }
            else if (quoted || (c != Separator && c is not ('\n' or '\r')))
                Append(c);
            else if (c == Separator)
                EndCell();
            else if (c == '\n')
                break;
        }
        if (quoted)
            throw EdbException.Refused($"{_name}: the quote opened on line {Line} never closes; fix the row");
        EndCell();
    }

    void EndCell()
    {
        if (_ends.Count == DataLimits.MaxCsvColumns)
            throw EdbException.Refused($"{_name}: line {Line} has more than {DataLimits.MaxCsvColumns} columns; save the data as .npz");
        _ends.Add(_rowLength);
    }

    void Append(char c)
    {
        if (_rowLength == DataLimits.MaxCsvRowChars)
            throw EdbException.Refused($"{_name}: line {Line} is longer than {DataLimits.MaxCsvRowChars} characters; save the data as "
                + ".npz");
        if (_rowLength == _row.Length)
            Array.Resize(ref _row, _row.Length * 2);
        _row[_rowLength++] = c;
    }

    bool Fill()
    {
        try
        {
            (_at, _filled) = (0, _reader.Read(_buffer));
        }
        catch (InvalidDataException e)
        {
            throw EdbException.Refused($"{_name}: the compressed data is damaged; copy or write the file again", e);
        }
        _chars += _filled;
        if (_chars > DataLimits.MaxCsvBytes)
            throw EdbException.Refused($"{_name}: more than {DataLimits.MaxCsvBytes} characters of CSV; split it, or save it as .npz");
        return _filled > 0;
    }

    static char MostFrequent(ReadOnlySpan<char> line)
    {
        var (commas, semicolons, tabs) = (line.Count(','), line.Count(';'), line.Count('\t'));
        return commas >= semicolons && commas >= tabs ? ',' : semicolons >= tabs ? ';' : '\t';
    }
}
