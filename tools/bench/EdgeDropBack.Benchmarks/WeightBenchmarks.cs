using BenchmarkDotNet.Attributes;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Benchmarks;

/// <summary>A million weights: computed from their seed, and their gradients looked at for the 2% that can be chosen.</summary>
public class WeightBenchmarks
{
    const int Count = 1 << 20, Run = 256, Tracked = Count / 50;

    static readonly RegeneratedBase s_normal = new(1, 2, 1, Distribution.Normal), s_uniform = new(1, 2, 1, Distribution.Uniform);

    readonly float[] _values = Data.Normal(Count, 1), _filled = new float[Count];
    readonly CandidateCollector _collector = new(Tracked);

    [Benchmark]
    public void Normal() => IndexedRandom.Fill(s_normal, 0, _filled);

    [Benchmark]
    public void Uniform() => IndexedRandom.Fill(s_uniform, 0, _filled);

    /// <summary>From a threshold that a twentieth reaches.</summary>
    [Benchmark]
    public int Scan()
    {
        _collector.Reset(1.96f);
        for (var i = 0; i < Count; i += Run) _collector.Scan(_values.AsSpan(i, Run), CandidateCollector.Key(0, i), 1);
        return _collector.Count;
    }
}
