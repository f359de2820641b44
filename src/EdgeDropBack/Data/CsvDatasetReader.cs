using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Data;

/// <summary>
/// CSV: one sample a row, the label in the first or last column, or with float targets asked for the targets in the last columns. Values
/// are
/// float32, taken as they are. A row that cannot be read is named and skipped.
/// </summary>
static class CsvDatasetReader
{
    internal static ArraySource Read(string path, DatasetOptions options)
    {
        var layout = CsvLayout.Scan(path, options);
        var targets = layout.LabelColumn == layout.Columns ? options.TargetLength : 0;
        var features = layout.Columns - Math.Max(1, targets);
        if (features < 1)
            throw EdbException.Refused($"{Printable.Name(path)}: {layout.Columns} columns, {targets} are targets; no values are left");
        var bytes = ((long)features + targets) * layout.Rows * sizeof(float);
        if (bytes > Math.Min(options.MaxBytes, Array.MaxLength))
            throw EdbException.Refused(
                $"{Printable.Name(path)}: {layout.Rows} rows of {features} values need {bytes} bytes of memory, the limit is "
                + $"{options.MaxBytes}; use fewer rows");
        var rows = new Rows(layout, features, targets);
        using (var reader = new CsvReader(path))
        {
            if (layout.Header)
                reader.Read();
            while (reader.Read())
                rows.Add(reader);
        }
        return rows.ToSource(path, options);
    }

    sealed class Rows(CsvLayout layout, int features, int targets)
    {
        readonly float[] _x = new float[(long)layout.Rows * features];
        readonly float[] _targets = new float[(long)layout.Rows * targets];
        readonly long[] _labels = new long[targets > 0 ? 0 : layout.Rows];
        readonly int[] _lines = new int[layout.Rows];
        readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
        readonly List<SkippedSample> _skipped = [];
        int _count;

        internal void Add(CsvReader row)
        {
            if (_count == layout.Rows)
                throw new IOException("the file grew while it was read");
            var reason = Parse(row);
            if (reason is not null)
                _skipped.Add(new(LineName(row.Line), reason));
            else
                _lines[_count++] = row.Line;
        }

        internal ArraySource ToSource(string path, DatasetOptions options)
        {
            if (_count == 0)
                throw EdbException.Refused(
                    $"{Printable.Name(path)}: none of {layout.Rows} rows can be used, the first is {_skipped[0].Name}: "
                    + $"{_skipped[0].Reason}; check the file");
            IReadOnlyList<string>? classNames = null;
            if (layout.TextLabels)
            {
                var (index, names) = ClassMap.Resolve(path, "label", _names.Keys, options);
                var byId = _names.ToDictionary(pair => pair.Value, pair => index[pair.Key]);
                for (var i = 0; i < _count; i++)
                    _labels[i] = byId[(int)_labels[i]];
                classNames = names;
            }
            var y = targets > 0
                ? NpyArray.From(_targets.AsSpan(0, _count * targets), _count, targets)
                : NpyArray.From(_labels.AsSpan(0, _count), _count);
            var x = new NpyArray(NpyType.Float32, [_count, features], MemoryMarshal.AsBytes(_x.AsSpan(0, _count * features)).ToArray());
            return new ArraySource(path, x, y)
            {
                SampleName = i => LineName(_lines[i]),
                Skipped = _skipped,
                ClassNames = classNames,
            };
        }

        string? Parse(CsvReader row)
        {
            if (row.Count != layout.Columns)
                return $"{row.Count} columns, expected {layout.Columns}";
            var feature = _count * features;
            var target = _count * targets;
            for (var column = 0; column < row.Count; column++)
            {
                if (column == layout.LabelColumn)
                    continue;
                if (!float.TryParse(row[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !float.IsFinite(value))
                    return $"column {column + 1} is '{Printable.Name(row[column].ToString())}', expected a finite number";
                if (column >= layout.Columns - targets)
                    _targets[target++] = value;
                else
                    _x[feature++] = value;
            }
            return targets > 0 ? null : ParseLabel(row[layout.LabelColumn]);
        }

        string? ParseLabel(ReadOnlySpan<char> cell)
        {
            if (cell.IsEmpty)
                return "the label is empty";
            if (!layout.TextLabels)
            {
                if (!CsvLayout.TryNumber(cell, out var value) || Math.Floor(value) != value || Math.Abs(value) > 1e9)
                    return $"the label is '{Printable.Name(cell.ToString())}', expected a whole number";
                _labels[_count] = (long)value;
                return null;
            }
            var name = cell.ToString();
            if (!_names.TryGetValue(name, out var id))
            {
                if (_names.Count == DataLimits.MaxClasses)
                    return $"a label beyond the first {DataLimits.MaxClasses}";
                _names.Add(name, id = _names.Count);
            }
            _labels[_count] = id;
            return null;
        }
    }

    static string LineName(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line}");
}
