namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class ConvolutionTests
{
    /// <summary>batch, in, out, groups, height, width, kernel h, w, stride h, w, pads top, left, bottom, right, dilation h, w</summary>
    public static TheoryData<int[]> Shapes => new()
    {
        new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1 },
        new[] { 2, 3, 5, 1, 7, 9, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 5, 3, 7, 1, 6, 6, 3, 3, 1, 1, 0, 0, 0, 0, 1, 1 },
        new[] { 3, 4, 6, 2, 8, 7, 3, 2, 2, 2, 1, 0, 1, 1, 1, 1 },
        new[] { 4, 6, 9, 3, 9, 17, 3, 3, 1, 1, 2, 2, 2, 2, 2, 2 },
        new[] { 2, 2, 3, 1, 11, 10, 3, 5, 3, 2, 0, 2, 1, 3, 2, 3 },
        new[] { 1, 3, 4, 1, 1, 40, 1, 9, 1, 2, 0, 4, 0, 4, 1, 1 },
        new[] { 2, 8, 100, 1, 5, 5, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1 },
        new[] { 2, 5, 4, 1, 7, 7, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1 },
        new[] { 1, 40, 3, 1, 20, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 3, 2, 2, 1, 4, 4, 3, 3, 1, 1, 3, 3, 3, 3, 1, 1 },
        new[] { 2, 2, 2, 1, 3, 2, 2, 2, 3, 3, 0, 0, 0, 0, 1, 1 },
        new[] { 1, 1, 2, 1, 33, 34, 32, 33, 1, 1, 0, 0, 0, 0, 1, 1 },
        new[] { 2, 64, 64, 2, 6, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 3, 5, 14, 1, 16, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 2, 6, 8, 2, 17, 33, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1 },
        new[] { 2, 3, 7, 1, 12, 30, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1 },
        new[] { 2, 20, 37, 1, 9, 40, 3, 5, 1, 1, 2, 2, 2, 2, 2, 1 },
        new[] { 3, 10, 10, 10, 9, 11, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1 },
        new[] { 2, 9, 9, 9, 10, 8, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1 },
        new[] { 2, 3, 3, 3, 20, 20, 5, 5, 1, 1, 2, 2, 2, 2, 1, 1 },
        new[] { 1, 100, 100, 100, 5, 6, 2, 3, 2, 1, 0, 1, 1, 2, 2, 2 },
        new[] { 2, 5, 5, 5, 11, 9, 2, 2, 3, 4, 0, 1, 1, 0, 1, 1 },
        new[] { 3, 4, 4, 4, 3, 2, 2, 2, 5, 7, 1, 1, 0, 0, 1, 1 },
        new[] { 1, 2, 2, 2, 7, 1, 7, 3, 1, 1, 0, 300000, 0, 300000, 1, 300000 },
        new[] { 1, 2, 2, 2, 18, 18, 17, 17, 1, 1, 8, 8, 8, 8, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardEqualsTheReference(int[] shape)
    {
        var s = Shape(shape);
        float[] x = Values.Special(s.InLength, 1), bias = Values.Normal(s.OutChannels, 2), expected = new float[s.OutLength];
        var count = (long)s.WeightRows * s.WeightColumns;
        var tracked = new Tracked(count, 7, 3);
        foreach (var kind in (BaseKind[])[BaseKind.Float32, BaseKind.Float16, BaseKind.Regenerated, BaseKind.Int8])
        {
            Reference.ConvolutionForward(x, tracked.Over(Tracked.Source(kind, count, 4)), kind == BaseKind.Float32 ? bias : [], s, expected);
            Values.OnEveryKernel((workers, name) =>
            {
                var y = Values.Guarded(s.OutLength);
                Convolution.Forward(workers, x, tracked.Over(Tracked.Source(kind, count, 4)), kind == BaseKind.Float32 ? bias : [], s, Values.Inside(y));
                Values.SameGuarded(expected, y, $"{name} {kind}");
            });
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BackwardDataEqualsTheReference(int[] shape)
    {
        var s = Shape(shape);
        float[] dy = Values.Special(s.OutLength, 1), expected = new float[s.InLength];
        var count = (long)s.WeightRows * s.WeightColumns;
        var tracked = new Tracked(count, 7, 3);
        foreach (var kind in (BaseKind[])[BaseKind.Float32, BaseKind.BFloat16, BaseKind.UInt8])
        {
            Reference.ConvolutionBackwardData(dy, tracked.Over(Tracked.Source(kind, count, 4)), s, expected);
            Values.OnEveryKernel((workers, name) =>
            {
                var dx = Values.Guarded(s.InLength);
                Convolution.BackwardData(workers, dy, tracked.Over(Tracked.Source(kind, count, 4)), s, Values.Inside(dx));
                Values.SameGuarded(expected, dx, $"{name} {kind}");
            });
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void WeightGradientEqualsTheReference(int[] shape)
    {
        var s = Shape(shape);
        float[] dy = Values.Normal(s.OutLength, 1), x = Values.Special(s.InLength, 2), expected = new float[s.WeightRows * s.WeightColumns];
        Reference.ConvolutionWeightGradient(dy, x, s, expected);
        Values.OnEveryKernel((workers, name) =>
        {
            var sink = new GradientCollector(s.WeightRows, s.WeightColumns);
            WeightGradient.Convolution(workers, dy, x, s, sink);
            sink.Check(expected, name);
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SampledGradientEqualsTheReference(int[] shape)
    {
        var s = Shape(shape);
        float[] dy = Values.Normal(s.OutLength, 1), x = Values.Special(s.InLength, 2);
        var tracked = new Tracked((long)s.WeightRows * s.WeightColumns, 3, 3);
        var expected = new float[tracked.Indices.Length];
        Reference.ConvolutionSampledGradient(dy, x, s, tracked.TileStarts, tracked.Indices, expected);
        Values.OnEveryKernel((workers, name) =>
        {
            var gradients = Values.Guarded(expected.Length);
            SampledGradient.Convolution(workers, dy, x, s, tracked.TileStarts, tracked.Indices, Values.Inside(gradients));
            Values.SameGuarded(expected, gradients, name);
        });
    }

    [Fact]
    public void ShapesThatAreNoConvolutionAreRefused()
    {
        using var workers = new Workers(1);
        var s = new ConvShape { InChannels = 3, OutChannels = 4, Groups = 2 };
        Assert.Throws<ArgumentException>(() => Convolution.Forward(workers, new float[3], WeightSource.Zero(6), [], s, new float[4]));
        s = new ConvShape { KernelWidth = 3 };
        Assert.Throws<ArgumentException>(() => Convolution.Forward(workers, new float[1], WeightSource.Zero(3), [], s, new float[1]));
    }

    public static ConvShape Shape(int[] v) => new()
    {
        Batch = v[0],
        InChannels = v[1],
        OutChannels = v[2],
        Groups = v[3],
        InHeight = v[4],
        InWidth = v[5],
        KernelHeight = v[6],
        KernelWidth = v[7],
        StrideHeight = v[8],
        StrideWidth = v[9],
        PadTop = v[10],
        PadLeft = v[11],
        PadBottom = v[12],
        PadRight = v[13],
        DilationHeight = v[14],
        DilationWidth = v[15],
    };
}
