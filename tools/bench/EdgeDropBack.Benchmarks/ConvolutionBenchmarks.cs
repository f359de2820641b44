using BenchmarkDotNet.Attributes;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Benchmarks;

/// <summary>64 channels, 3x3, 16x16 planes, batch 32, on one core: forward, backward, and the gradients of 2% of the weights.</summary>
public class ConvolutionBenchmarks
{
    const int Batch = 32, Channels = 64, Side = 16, TrackedStep = 50;
    const double Work = (double)Batch * Channels * Channels * 9 * Side * Side;

    static readonly ConvShape s_shape = new()
    {
        Batch = Batch,
        InChannels = Channels,
        OutChannels = Channels,
        InHeight = Side,
        InWidth = Side,
        KernelHeight = 3,
        KernelWidth = 3,
        PadTop = 1,
        PadLeft = 1,
        PadBottom = 1,
        PadRight = 1,
    };

    readonly Workers _workers = new(1);
    readonly float[] _x = Data.Normal(s_shape.InLength, 1), _w = Data.Normal((long)s_shape.WeightRows * s_shape.WeightColumns, 2);
    readonly float[] _y = new float[s_shape.OutLength], _dx = new float[s_shape.InLength];
    readonly (int[] TileStarts, ushort[] Indices, float[] Values) _tracked = Data.Tracked((long)s_shape.WeightRows * s_shape.WeightColumns, TrackedStep);
    readonly GradientSink _sink = new NoSink();

    [Benchmark, MultiplyAdds(Work)]
    public void Forward() => Convolution.Forward(_workers, _x, WeightSource.Float32(_w), [], s_shape, _y);

    [Benchmark, MultiplyAdds(Work)]
    public void BackwardData() => Convolution.BackwardData(_workers, _x, WeightSource.Float32(_w), s_shape, _dx);

    [Benchmark, MultiplyAdds(Work)]
    public void BackwardWeights() => WeightGradient.Convolution(_workers, _x, _dx, s_shape, _sink);

    [Benchmark, MultiplyAdds(Work / TrackedStep)]
    public void SampledGradients() =>
        SampledGradient.Convolution(_workers, _x, _dx, s_shape, _tracked.TileStarts, _tracked.Indices, _tracked.Values);

    [GlobalCleanup]
    public void Cleanup() => _workers.Dispose();

    sealed class NoSink : GradientSink
    {
        public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
        {
        }
    }
}
