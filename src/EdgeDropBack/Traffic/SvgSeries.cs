namespace EdgeDropBack.Traffic;

/// <summary>One colour of a bar chart.</summary>
readonly record struct SvgSeries(string Name, string Color);
