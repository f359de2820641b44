namespace EdgeDropBack.Traffic;

/// <summary>The picture of a comparison: a bar each for dense, last layer and DropBack, split into activations and weights.</summary>
static class TrafficBars
{
    internal static readonly SvgSeries[] Split = [new("activations", "#57606a"), new("weights", "#0969da")];

    /// <summary>A self-contained SVG document.</summary>
    /// <param name="title">For example the model's name.</param>
    public static string Svg(TrafficComparison comparison, string title)
    {
        var bars = new SvgBars(title, Split);
        Add("dense SGD", comparison.Dense);
        Add("last layer only", comparison.LastLayer);
        Add("DropBack (frozen)", comparison.Frozen);
        return bars.ToString();

        void Add(string label, StepTraffic step)
            => bars.Add(label, step.Totals.ActivationBytes / step.Steps, step.Totals.WeightBytes / step.Steps);
    }
}
