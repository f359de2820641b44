using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>The rate of fused multiply-adds that one core reaches with everything in registers: the roof of a roofline.</summary>
public static class PeakRate
{
    const int Repeats = 7, Links = 40_000, Chains = 12, Lanes = 8;

    /// <summary>
    /// As long as a product of some size takes: a core holds the clock of its first tenths of a millisecond no longer than that where wide
    /// registers or heat force it down.
    /// </summary>
    const int WindowMilliseconds = 10;

    /// <summary>The best of several measurements of some <see cref="WindowMilliseconds"/> each.</summary>
    /// <returns>GFLOP/s, two operations a multiply-add.</returns>
    public static double Measure()
    {
        var best = 0.0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            best = Math.Max(best, Window(wide: false));
            if (KernelTable.Active == KernelTable.Avx512) best = Math.Max(best, Window(wide: true));
        }
        return best;
    }

    static double Window(bool wide)
    {
        var start = Stopwatch.GetTimestamp();
        var (links, sum) = (0L, 0f);
        do
        {
            if (wide) MicroKernels.Avx512Peak(Links);
            else sum += Run(Vector256.Create(0.999f), Vector256.Create(1e-3f));
            links += Links;
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < WindowMilliseconds);
        var multiplyAdds = wide ? Avx512Code.PeakChains * 2 * Lanes : Chains * Lanes;
        return float.IsFinite(sum) ? 2.0 * links * multiplyAdds / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9 : 0;
    }

    static float Run(Vector256<float> factor, Vector256<float> term)
    {
        Vector256<float> c0 = term, c1 = term, c2 = term, c3 = term, c4 = term, c5 = term, c6 = term, c7 = term, c8 = term, c9 = term, c10 = term, c11 = term;
        for (var link = 0; link < Links; link++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, factor, term);
            c1 = Vector256.FusedMultiplyAdd(c1, factor, term);
            c2 = Vector256.FusedMultiplyAdd(c2, factor, term);
            c3 = Vector256.FusedMultiplyAdd(c3, factor, term);
            c4 = Vector256.FusedMultiplyAdd(c4, factor, term);
            c5 = Vector256.FusedMultiplyAdd(c5, factor, term);
            c6 = Vector256.FusedMultiplyAdd(c6, factor, term);
            c7 = Vector256.FusedMultiplyAdd(c7, factor, term);
            c8 = Vector256.FusedMultiplyAdd(c8, factor, term);
            c9 = Vector256.FusedMultiplyAdd(c9, factor, term);
            c10 = Vector256.FusedMultiplyAdd(c10, factor, term);
            c11 = Vector256.FusedMultiplyAdd(c11, factor, term);
        }
        return LaneMoves.Tree(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11);
    }
}
