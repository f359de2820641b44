namespace EdgeDropBack.Kernels;

/// <summary>
/// Asks memory for the weights that come next, a few cache lines between two kernel runs: more at once would fill the core's queue of misses,
/// and the kernels would wait for it.
/// </summary>
struct WeightsAhead
{
    /// <summary>A cache line.</summary>
    const int Floats = 16;

    readonly WeightOperand _weights;
    readonly int _line, _start, _length, _perLine, _all, _atOnce;
    int _asked;

    /// <param name="first">The first stored line, and where in it to begin.</param>
    /// <param name="lines">Lines, and how much of them.</param>
    /// <param name="runs">How often <see cref="Ask"/> will be called.</param>
    public WeightsAhead(in WeightOperand weights, (int Line, int Start) first, (int Count, int Length) lines, int runs)
    {
        _weights = weights;
        (_line, _start, _length) = (first.Line, first.Start, lines.Length);
        // One more than whole cache lines, since a stored line may begin within one.
        _perLine = GemmTuning.DivideUp(lines.Length, Floats) + 1;
        _all = lines.Count * _perLine;
        _atOnce = GemmTuning.DivideUp(_all, Math.Max(1, runs));
    }

    public void Ask()
    {
        for (var end = Math.Min(_all, _asked + _atOnce); _asked < end; _asked++)
        {
            var (line, part) = Math.DivRem(_asked, _perLine);
            _weights.Prefetch(_line + line, _start + Math.Min(part * Floats, _length - 1));
        }
    }
}
