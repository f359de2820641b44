using System.Globalization;
using System.Net;
using System.Text;
using EdgeDropBack.Data;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Training;

/// <summary>
/// One picture of a personalization: a sample of each of the first classes with the model's answers before and after, the user's and the
/// retained ones, and the bytes that a step moves. A self-contained SVG.
/// </summary>
sealed class ResultPicture(TrainingSession session, IReadOnlyList<string>? classes, Preprocessing preprocessing)
{
    const int Columns = 8, Cell = 94, Thumbnail = 80, Width = 760, RowHeight = 150, Left = 8;

    readonly List<(string Title, DatasetSubset Samples, int[] Before)> _rows = [];

    /// <summary>Remembers the answers before training.</summary>
    public void AddBefore(string title, Dataset data)
    {
        var samples = new DatasetSubset(data, FirstOfEachClass(data));
        _rows.Add((title, samples, Evaluator.Predict(session, samples, session.Trainer.Values)));
    }

    /// <summary>Whether a file is a picture of this kind.</summary>
    public static bool IsAt(string path)
    {
        const string Start = "<svg";
        using var reader = new StreamReader(path);
        var head = new char[Start.Length];
        return reader.ReadBlock(head) == Start.Length && head.AsSpan().SequenceEqual(Start);
    }

    public string Draw(TrafficComparison comparison)
    {
        var svg = new StringBuilder();
        var bars = TrafficBars.Svg(comparison, $"bytes a training step moves, batch {session.Options.Batch} (algorithmic lens)");
        var height = RowHeight * _rows.Count + 160;
        Append(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" ");
        Append(svg, $"role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"11\">\n<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        for (var r = 0; r < _rows.Count; r++) DrawRow(svg, r);
        Append(svg, $"<g transform=\"translate(0 {RowHeight * _rows.Count + 8})\">\n{bars}</g>\n</svg>\n");
        return svg.ToString();
    }

    void DrawRow(StringBuilder svg, int r)
    {
        var (title, samples, before) = _rows[r];
        var after = Evaluator.Predict(session, samples, session.Trainer.Values);
        var top = r * RowHeight;
        Append(svg, $"<text x=\"{Left}\" y=\"{top + 18}\" font-size=\"14\" font-weight=\"600\" fill=\"#1f2328\">{Escape(title)}</text>\n");
        for (var i = 0; i < samples.Count; i++)
        {
            var (x, label) = (Left + i * Cell, samples.Labels![i]);
            if (Thumb(samples, i) is { } png)
                Append(svg, $"<image x=\"{x}\" y=\"{top + 26}\" width=\"{Thumbnail}\" height=\"{Thumbnail}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>");
            Answer(svg, x, top + 120, "before", before[i], label);
            Answer(svg, x, top + 134, "after", after[i], label);
        }
    }

    void Answer(StringBuilder svg, int x, int y, string when, int answer, int label)
    {
        var right = answer == label;
        var name = classes is not null && answer < classes.Count ? classes[answer] : answer.ToString(CultureInfo.InvariantCulture);
        if (name.Length > 11) name = name[..10] + ".";
        Append(svg, $"<text x=\"{x}\" y=\"{y}\" fill=\"{(right ? "#1a7f37" : "#cf222e")}\">{(right ? "✓" : "✗")} {Escape(name)}<title>{when}</title></text>\n");
    }

    /// <summary>The sample as pixels again; null where it is no image.</summary>
    byte[]? Thumb(Dataset data, int index)
    {
        if (preprocessing.Height is not { } h || preprocessing.Width is not { } w || h * w == 0) return null;
        data = data.Raw;
        var channels = data.SampleLength / (h * w);
        if (channels is not (1 or 3) || channels * h * w != data.SampleLength) return null;
        var values = new float[data.SampleLength];
        data.CopySample(index, values);
        var pixels = new byte[values.Length];
        for (var p = 0; p < h * w; p++)
        {
            for (var c = 0; c < channels; c++)
            {
                var value = values[preprocessing.Layout == ImageLayout.Nchw ? c * h * w + p : p * channels + c];
                var std = preprocessing.Std.Length == 0 ? 1f : preprocessing.Std[Math.Min(c, preprocessing.Std.Length - 1)];
                var mean = preprocessing.Mean.Length == 0 ? 0f : preprocessing.Mean[Math.Min(c, preprocessing.Mean.Length - 1)];
                pixels[p * channels + c] = (byte)Math.Clamp((value * std + mean) * 255f + 0.5f, 0f, 255f);
            }
        }
        return PngImage.Encode(pixels, w, h, channels);
    }

    static int[] FirstOfEachClass(Dataset data)
    {
        var seen = new HashSet<int>();
        var picked = new List<int>();
        for (var i = 0; i < data.Count && picked.Count < Columns; i++) if (seen.Add(data.Labels![i])) picked.Add(i);
        return [.. picked];
    }

    static void Append(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
