using Spectre.Console;

namespace EdgeDropBack.Cli.Printing;

/// <summary>A table: with borders on a terminal, in plain columns otherwise. Cells are text, never markup.</summary>
sealed class Sheet
{
    readonly Table _table;

    /// <param name="columns">Headings; one that starts with '>' is right-aligned. All empty: no heading row.</param>
    public Sheet(IAnsiConsole console, params string[] columns)
    {
        _table = new Table
        {
            Border = console.Profile.Capabilities.Ansi ? TableBorder.Rounded : TableBorder.None,
            ShowHeaders = columns.Any(c => c.Length > 1),
        };
        foreach (var column in columns)
        {
            var isRight = column.StartsWith('>');
            var made = new TableColumn(new Text(column.TrimStart('>'))) { NoWrap = isRight };
            _table.AddColumn(isRight ? made.RightAligned() : made);
        }
    }

    public Sheet Row(params string[] cells)
    {
        _table.AddRow(cells.Select(cell => new Text(Terminal.OneLine(cell))));
        return this;
    }

    public void Write(IAnsiConsole console) => console.Write(_table);
}
