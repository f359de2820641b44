namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class AllocationTests
{
    [Fact]
    public void DenseKernelsAllocateNothingOnceWarm()
    {
        using var workers = new Workers(2);
        float[] a = Values.Normal(100 * 100, 1), b = Values.Normal(100 * 100, 2), c = new float[100 * 100];
        var tracked = new Tracked(100 * 100, 10, 3);
        var gradients = new float[tracked.Indices.Length];
        var sink = new NullSink();
        Assert.Equal(0, Values.Allocated(() => Gemm.Multiply(workers, a, 100, 1, b, 100, 1, c, 100, 100, 100, 100)));
        foreach (var rows in (int[])[1, 100])
            foreach (var transposed in (bool[])[false, true])
                Assert.Equal(0, Values.Allocated(() => Gemm.MultiplyWeights(workers, a, 100, tracked.Over(WeightSource.Float32(b)), transposed, [],
                    1, c, rows, 100, 100)));
        Assert.Equal(0, Values.Allocated(() => WeightGradient.Gemm(workers, a, 100, b, 100, 100, 100, 100, 1, sink)));
        Assert.Equal(0, Values.Allocated(() => SampledGradient.Gemm(workers, a, 100, b, 100, 100, 100, 100, 1, tracked.TileStarts, tracked.Indices,
            gradients)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(1, 2)]
    [InlineData(8, 2)]
    public void ConvolutionsAllocateNothingOnceWarm(int groups, int stride)
    {
        using var workers = new Workers(2);
        var s = new ConvShape
        {
            Batch = 2,
            InChannels = 8,
            OutChannels = 8,
            Groups = groups,
            InHeight = 9,
            InWidth = 9,
            KernelHeight = 3,
            KernelWidth = 3,
            StrideHeight = stride,
            StrideWidth = stride,
            PadTop = 1,
            PadLeft = 1,
            PadBottom = 1,
            PadRight = 1,
        };
        float[] x = Values.Normal(s.InLength, 1), y = Values.Normal(s.OutLength, 2), weights = Values.Normal(s.WeightRows * s.WeightColumns, 3);
        var tracked = new Tracked(weights.Length, 5, 4);
        var gradients = new float[tracked.Indices.Length];
        var sink = new NullSink();
        Assert.Equal(0, Values.Allocated(() => Convolution.Forward(workers, x, WeightSource.Float32(weights), [], s, y)));
        Assert.Equal(0, Values.Allocated(() => Convolution.BackwardData(workers, y, WeightSource.Float32(weights), s, x)));
        Assert.Equal(0, Values.Allocated(() => WeightGradient.Convolution(workers, y, x, s, sink)));
        Assert.Equal(0, Values.Allocated(() => SampledGradient.Convolution(workers, y, x, s, tracked.TileStarts, tracked.Indices, gradients)));
    }

    sealed class NullSink : GradientSink
    {
        public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
        {
        }
    }
}
