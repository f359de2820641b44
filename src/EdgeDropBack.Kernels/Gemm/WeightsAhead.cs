using System.Runtime.Intrinsics.X86;

namespace EdgeDropBack.Kernels;

/// <summary>
/// Asks memory for the weights that come next to be brought into the second-level cache, a few cache lines between two kernel runs: more at once
/// would fill the core's queue of misses, and the kernels would wait for it.
/// </summary>
unsafe struct WeightsAhead
{
    const int CacheLine = 64;

    readonly nint _stride, _length;
    readonly int _atOnce;
    byte* _line, _next;
    int _lines;

    /// <param name="first">The first stored line, and where in it to begin.</param>
    /// <param name="lines">Lines, and how much of them.</param>
    /// <param name="runs">How often <see cref="Ask"/> will be called.</param>
    public WeightsAhead(in WeightOperand weights, (int Line, int Start) first, (int Count, int Length) lines, int runs)
    {
        if (!Sse.IsSupported || lines.Count <= 0 || !weights.TryLocate(first.Line, first.Start, out _line, out var bytes))
            return;
        (_lines, _length, _stride) = (lines.Count, (nint)lines.Length * bytes, (nint)weights.RowLength * bytes);
        _next = FirstOf(_line);
        // A stored line may begin at the end of a cache line.
        _atOnce = GemmTuning.DivideUp((int)(_lines * ((_length + CacheLine - 2) / CacheLine + 1)), Math.Max(1, runs));
    }

    public void Ask()
    {
        for (var asked = 0; asked < _atOnce && _lines > 0; asked++)
        {
            Sse.Prefetch1(_next);
            _next += CacheLine;
            if (_next < _line + _length)
                continue;
            _line += _stride;
            _next = FirstOf(_line);
            _lines--;
        }
    }

    static byte* FirstOf(byte* line) => (byte*)((nint)line & -CacheLine);
}
