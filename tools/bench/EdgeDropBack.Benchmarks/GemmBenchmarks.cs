using BenchmarkDotNet.Attributes;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Benchmarks;

/// <summary>1024^3 on one core: two matrices in memory, and with weights that are mapped, regenerated, and regenerated with 2% tracked.</summary>
public class GemmBenchmarks
{
    const int Size = 1024, TrackedStep = 50;
    const double Work = (double)Size * Size * Size;

    static readonly RegeneratedBase s_base = new(1, 2, 1, Distribution.Normal);

    readonly Workers _workers = new(1);
    readonly float[] _a = Data.Normal(Size * Size, 1), _b = Data.Normal(Size * Size, 2), _c = new float[Size * Size];
    readonly (int[] TileStarts, ushort[] Indices, float[] Values) _tracked = Data.Tracked(Size * Size, TrackedStep);

    [Benchmark, MultiplyAdds(Work)]
    public void Dense() => Gemm.Multiply(_workers, _a, Size, 1, _b, Size, 1, _c, Size, Size, Size, Size);

    [Benchmark, MultiplyAdds(Work)]
    public void Mapped() => Weights(WeightSource.Float32(_b));

    [Benchmark, MultiplyAdds(Work)]
    public void Regenerated() => Weights(WeightSource.From(s_base, Size * Size));

    [Benchmark, MultiplyAdds(Work)]
    public void RegeneratedAndTracked() =>
        Weights(WeightSource.From(s_base, Size * Size).WithTracked(_tracked.TileStarts, _tracked.Indices, _tracked.Values));

    [GlobalCleanup]
    public void Cleanup() => _workers.Dispose();

    void Weights(scoped in WeightSource weights) => Gemm.MultiplyWeights(_workers, _a, Size, weights, false, [], 1, _c, Size, Size, Size);
}
