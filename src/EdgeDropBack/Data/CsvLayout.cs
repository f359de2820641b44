using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>What a first pass over a CSV file finds: header, rows, columns, and which column holds the labels.</summary>
sealed record CsvLayout(bool Header, int Columns, int Rows, int LabelColumn, bool TextLabels)
{
    static readonly string[] s_labelNames = ["label", "labels", "class", "target", "y", "species", "category"];

    /// <summary>What one candidate column could be.</summary>
    struct Candidate
    {
        internal bool Named;
        internal bool Text;
        internal bool Fraction;
        internal bool Varies;
        internal bool OutOfRange;
        long _first;
        bool _any;

        internal void See(ReadOnlySpan<char> cell, int classCount)
        {
            if (!TryNumber(cell, out var value))
            {
                Text |= !cell.IsEmpty;
                return;
            }
            if (Math.Floor(value) != value || Math.Abs(value) > 1e9)
            {
                Fraction = true;
                return;
            }
            Varies |= _any && (long)value != _first;
            (_first, _any) = ((long)value, true);
            OutOfRange |= value < 0 || (classCount > 0 && value >= classCount);
        }
    }

    internal static bool TryNumber(ReadOnlySpan<char> cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>
    /// A column named label, class, target or y is the label; else the end column that is text; else the one end column of whole numbers
    /// (within the class range, and not all the same).
    /// </summary>
    internal static CsvLayout Scan(string path, DatasetOptions options)
    {
        using var reader = new CsvReader(path);
        var name = Printable.Name(path);
        if (!reader.Read())
            throw EdbException.Refused($"{name}: no rows; give one sample a row");
        var columns = reader.Count;
        if (columns < 2)
            throw EdbException.Refused($"{name}: line {reader.Line} has 1 column, expected a label and values; check the separator "
                + "(comma, semicolon or tab)");
        Candidate first = new() { Named = IsLabelName(reader[0]) }, last = new() { Named = IsLabelName(reader[columns - 1]) };
        var header = first.Named || last.Named || HasTextInside(reader);
        var rows = 0;
        var classes = options.NewHead ? options.Labels?.Count ?? 0 : options.ClassCount;
        for (var more = !header || reader.Read(); more; more = reader.Read())
        {
            rows++;
            if (reader.Count != columns)
                continue;
            first.See(reader[0], classes);
            last.See(reader[columns - 1], classes);
        }
        if (rows == 0)
            throw EdbException.Refused($"{name}: a header and no rows; give one sample a row");
        if (options.TargetLength > 0 && !first.Text && !last.Text && !(first.Named && !last.Named))
            return new(header, columns, rows, columns, false);
        var isLast = Choose(first, last, name, options);
        return new(header, columns, rows, isLast ? columns - 1 : 0, isLast ? last.Text : first.Text);
    }

    static bool Choose(Candidate first, Candidate last, string name, DatasetOptions options)
    {
        if (first.Named != last.Named)
            return last.Named;
        if (first.Text != last.Text)
            return last.Text;
        var firstFits = Fits(first, options);
        var lastFits = Fits(last, options);
        if (firstFits != lastFits)
            return lastFits;
        throw EdbException.Refused(
            $"{name}: {(firstFits ? "both the first and the last" : "neither the first nor the last")} column could be the label; "
            + "add a header line that names one of them 'label'");
    }

    static bool Fits(Candidate column, DatasetOptions options) =>
        column is { Text: false, Fraction: false, OutOfRange: false } && (column.Varies || options.ClassCount == 1);

    static bool HasTextInside(CsvReader row)
    {
        var inside = row.Count > 2;
        for (var i = inside ? 1 : 0; i < row.Count - (inside ? 1 : 0); i++)
            if (!row[i].IsEmpty && !double.TryParse(row[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                return inside || !TryNumber(row[1 - i], out _);
        return false;
    }

    static bool IsLabelName(ReadOnlySpan<char> cell)
    {
        foreach (var known in s_labelNames)
            if (cell.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
