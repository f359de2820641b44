namespace EdgeDropBack.Cli.Printing;

/// <summary>A table: with borders on a terminal, in plain columns otherwise. What is too wide for the line is wrapped.</summary>
/// <param name="columns">Headings; one that starts with '>' is right-aligned and never wrapped. All empty: no heading row.</param>
sealed class Sheet(params string[] columns)
{
    const int NarrowestColumn = 8;

    readonly string[] _headings = [.. columns.Select(column => column.TrimStart('>'))];
    readonly List<string[]> _rows = [];

    public Sheet Row(params string[] cells)
    {
        if (cells.Length > columns.Length) throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns", nameof(cells));
        _rows.Add([.. cells.Select(Terminal.OneLine)]);
        return this;
    }

    public void Write(TableOutput output)
    {
        var widths = Widths(output);
        var hasHeadings = _headings.Any(heading => heading.Length > 0);
        if (output.HasBorders) WriteRule(output, widths, '╭', '┬', '╮');
        if (hasHeadings) WriteRow(output, widths, _headings);
        if (hasHeadings && output.HasBorders) WriteRule(output, widths, '├', '┼', '┤');
        foreach (var row in _rows) WriteRow(output, widths, row);
        if (output.HasBorders) WriteRule(output, widths, '╰', '┴', '╯');
    }

    /// <summary>Every column as wide as its widest cell; then the widest left-aligned ones give way until the line fits.</summary>
    int[] Widths(TableOutput output)
    {
        var widths = new int[columns.Length];
        for (var c = 0; c < widths.Length; c++)
        {
            widths[c] = _headings[c].Length;
            foreach (var row in _rows)
                if (c < row.Length) widths[c] = Math.Max(widths[c], row[c].Length);
        }
        var borders = output.HasBorders ? 3 * widths.Length + 1 : widths.Length - 1;
        for (var surplus = widths.Sum() + borders - output.Width; surplus > 0; surplus--)
        {
            var widest = -1;
            for (var c = 0; c < widths.Length; c++)
                if (!IsRight(c) && widths[c] > NarrowestColumn && (widest < 0 || widths[c] > widths[widest])) widest = c;
            if (widest < 0) break;
            widths[widest]--;
        }
        return widths;
    }

    bool IsRight(int column) => columns[column].StartsWith('>');

    void WriteRow(TableOutput output, int[] widths, string[] cells)
    {
        var wrapped = new List<string>[widths.Length];
        for (var c = 0; c < widths.Length; c++) wrapped[c] = Wrap(c < cells.Length ? cells[c] : "", widths[c]);
        for (var (line, lines) = (0, wrapped.Max(cell => cell.Count)); line < lines; line++)
        {
            var parts = wrapped.Select((cell, c) => Aligned(line < cell.Count ? cell[line] : "", widths[c], IsRight(c)));
            output.Writer.WriteLine(output.HasBorders ? $"│ {string.Join(" │ ", parts)} │" : string.Join(' ', parts).TrimEnd());
        }
    }

    static string Aligned(string text, int width, bool isRight) => isRight ? text.PadLeft(width) : text.PadRight(width);

    static void WriteRule(TableOutput output, int[] widths, char left, char middle, char right)
        => output.Writer.WriteLine(left + string.Join(middle, widths.Select(width => new string('─', width + 2))) + right);

    /// <summary>Breaks between words, inside a word only where it is longer than the line.</summary>
    static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        while (text.Length > width)
        {
            var blank = text.LastIndexOf(' ', width);
            var end = blank > 0 ? blank : width;
            lines.Add(text[..end].TrimEnd());
            text = text[end..].TrimStart();
        }
        if (text.Length > 0 || lines.Count == 0) lines.Add(text);
        return lines;
    }
}
