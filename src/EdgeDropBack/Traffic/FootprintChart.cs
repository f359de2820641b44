using System.Globalization;
using System.Net;
using System.Text;

namespace EdgeDropBack.Traffic;

/// <summary>Live bytes over the moments of a step, as one SVG element.</summary>
static class FootprintChart
{
    const int Width = 760, Height = 220, Left = 8, Top = 30, Bottom = 190;

    public static string Svg(string title, Footprint footprint)
    {
        var svg = new StringBuilder();
        var name = WebUtility.HtmlEncode($"{title}: peak {SvgBars.Bytes(footprint.PeakLiveBytes)} at {footprint.PeakAt}");
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" ");
        Append(svg, $"role=\"img\" aria-label=\"{name}\" font-family=\"system-ui, sans-serif\" font-size=\"12\">\n");
        Append(svg, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>");
        Append(svg, $"<text x=\"{Left}\" y=\"18\" font-size=\"14\" font-weight=\"600\" fill=\"#1f2328\">{name}</text>\n");
        var step = (Width - 2.0 * Left) / Math.Max(1, footprint.Timeline.Count);
        for (var i = 0; i < footprint.Timeline.Count; i++)
        {
            var moment = footprint.Timeline[i];
            var height = (Bottom - Top) * (double)moment.Bytes / Math.Max(1, footprint.PeakLiveBytes);
            Append(svg, $"<rect x=\"{Left + i * step:0.##}\" y=\"{Bottom - height:0.##}\" width=\"{step * 0.9:0.##}\" height=\"{height:0.##}\" ");
            Append(svg, $"fill=\"{(moment.Use == "forward" ? "#0969da" : moment.Use == "backward" ? "#bc4c00" : "#57606a")}\">");
            Append(svg, $"<title>{WebUtility.HtmlEncode($"{moment.Name}: {moment.Bytes} bytes")}</title></rect>\n");
        }
        Append(svg, $"<text x=\"{Left}\" y=\"210\" fill=\"#0969da\">forward</text><text x=\"{Left + 70}\" y=\"210\" fill=\"#bc4c00\">backward</text>");
        return svg.Append("</svg>\n").ToString();
    }

    static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
