using System.Diagnostics;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Devices;

/// <summary>What one core reaches in memory, in 10^6 bytes a second: bytes copied, and bytes written.</summary>
sealed record CopyBandwidth(double CopyMBs, double SetMBs)
{
    const int Rounds = 5;
    const long MostBytes = 64L << 20, LeastBytes = 8L << 20;

    /// <summary>The best of some rounds over buffers that no cache holds; takes less than a second.</summary>
    /// <param name="memoryBytes">Of the machine: the buffers take a sixteenth of it at most.</param>
    public static CopyBandwidth Measure(long memoryBytes)
    {
        var floats = (int)(Math.Clamp(memoryBytes / 32, LeastBytes, MostBytes) / sizeof(float));
        using var from = new AlignedBuffer(floats);
        using var to = new AlignedBuffer(floats);
        var set = Best(floats, () => to.Slice(0, floats).Fill(1f));
        from.Slice(0, floats).Fill(2f);
        return new(Best(floats, () => from.Slice(0, floats).CopyTo(to.Slice(0, floats))), set);
    }

    static double Best(long floats, Action pass)
    {
        pass();
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            pass();
            var time = Stopwatch.GetElapsedTime(start);
            if (time < best) best = time;
        }
        return floats * sizeof(float) / best.TotalSeconds / 1e6;
    }
}
