using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeDropBack.Traffic;

/// <summary>Horizontal stacked bars as one SVG element, readable on light and dark pages.</summary>
sealed class SvgBars(string title, IReadOnlyList<SvgSeries> series)
{
    const int Width = 760, LabelWidth = 190, ValueWidth = 200, RowHeight = 26, BarHeight = 16, Top = 52;

    readonly List<(string Label, long[] Values)> _rows = [];

    /// <param name="values">Bytes, one for each series.</param>
    public void Add(string label, params long[] values) => _rows.Add((label, values));

    public override string ToString()
    {
        var svg = new StringBuilder();
        var height = Top + RowHeight * _rows.Count + 8;
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" ");
        Append(svg, $"role=\"img\" aria-label=\"{Escape(title)}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n");
        Append(svg, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        Append(svg, $"<text x=\"8\" y=\"18\" font-size=\"14\" font-weight=\"600\" fill=\"#1f2328\">{Escape(title)}</text>\n");
        AppendLegend(svg);
        var largest = Math.Max(1, _rows.Count == 0 ? 1 : _rows.Max(row => row.Values.Sum()));
        var scale = (Width - LabelWidth - ValueWidth) / (double)largest;
        for (var i = 0; i < _rows.Count; i++) AppendRow(svg, _rows[i], Top + RowHeight * i, scale);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Bytes in a unit that leaves three digits.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    void AppendLegend(StringBuilder svg)
    {
        var x = LabelWidth;
        foreach (var (name, color) in series)
        {
            Append(svg, $"<rect x=\"{x}\" y=\"28\" width=\"12\" height=\"12\" fill=\"{color}\"/>");
            Append(svg, $"<text x=\"{x + 17}\" y=\"38\" fill=\"#1f2328\">{Escape(name)}</text>\n");
            x += 40 + 7 * name.Length;
        }
    }

    void AppendRow(StringBuilder svg, (string Label, long[] Values) row, int y, double scale)
    {
        var label = row.Label.Length <= 28 ? row.Label : "..." + row.Label[^25..];
        Append(svg, $"<text x=\"{LabelWidth - 8}\" y=\"{y + 13}\" text-anchor=\"end\" fill=\"#1f2328\">{Escape(label)}</text>");
        double x = LabelWidth;
        var narrow = "";
        for (var s = 0; s < row.Values.Length; s++)
        {
            var width = row.Values[s] * scale;
            if (row.Values[s] == 0) continue;
            Append(svg, $"<rect x=\"{x:0.##}\" y=\"{y}\" width=\"{width:0.##}\" height=\"{BarHeight}\" fill=\"{series[s].Color}\">");
            Append(svg, $"<title>{Escape($"{row.Label}: {series[s].Name} {row.Values[s]} bytes")}</title></rect>");
            if (width > 70)
            {
                Append(svg, $"<text x=\"{x + width / 2:0.##}\" y=\"{y + 12}\" font-size=\"10\" text-anchor=\"middle\" fill=\"#ffffff\">");
                Append(svg, $"{Bytes(row.Values[s])}</text>");
            }
            else
            {
                narrow += $", {series[s].Name} {Bytes(row.Values[s])}";
            }
            x += width;
        }
        Append(svg, $"<text x=\"{x + 6:0.##}\" y=\"{y + 13}\" fill=\"#1f2328\">{Bytes(row.Values.Sum())}{Escape(narrow)}</text>\n");
    }

    static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
