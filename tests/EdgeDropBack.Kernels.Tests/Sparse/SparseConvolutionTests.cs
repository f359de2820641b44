namespace EdgeDropBack.Kernels.Tests;

[Collection(KernelsCollection.Name)]
public sealed class SparseConvolutionTests
{
    public static TheoryData<int[]> Shapes => ConvolutionTests.Shapes;

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ForwardEqualsTheReferenceAndTheDenseKernelUpToTheSignOfZero(int[] shape)
    {
        var s = ConvolutionTests.Shape(shape);
        float[] x = Values.Normal(s.InLength, 1), bias = Values.Normal(s.OutChannels, 2), expected = new float[s.OutLength], dense = new float[s.OutLength];
        var (tracked, materialised) = Weights(s);
        Reference.ConvolutionForward(x, WeightSource.Float32(materialised), bias, s, expected);
        Values.OnEveryKernel((workers, name) =>
        {
            Convolution.Forward(workers, x, WeightSource.Float32(materialised), bias, s, dense);
            var y = Values.Guarded(s.OutLength);
            Convolution.Forward(workers, x, tracked.Over(WeightSource.Zero(materialised.Length)), bias, s, Values.Inside(y));
            Values.EqualGuarded(expected, y, name);
            Values.EqualGuarded(dense, y, $"{name}, dense kernel");
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void BackwardDataEqualsTheReferenceAndTheDenseKernelUpToTheSignOfZero(int[] shape)
    {
        var s = ConvolutionTests.Shape(shape);
        float[] dy = Values.Normal(s.OutLength, 1), expected = new float[s.InLength], dense = new float[s.InLength];
        var (tracked, materialised) = Weights(s);
        Reference.ConvolutionBackwardData(dy, WeightSource.Float32(materialised), s, expected);
        Values.OnEveryKernel((workers, name) =>
        {
            Convolution.BackwardData(workers, dy, WeightSource.Float32(materialised), s, dense);
            var dx = Values.Guarded(s.InLength);
            Convolution.BackwardData(workers, dy, tracked.Over(WeightSource.Zero(materialised.Length)), s, Values.Inside(dx));
            Values.EqualGuarded(expected, dx, name);
            Values.EqualGuarded(dense, dx, $"{name}, dense kernel");
        });
    }

    [Fact]
    public void ConvolutionsAllocateNothing()
    {
        var s = new ConvShape { Batch = 2, InChannels = 8, OutChannels = 16, InHeight = 9, InWidth = 9, KernelHeight = 3, KernelWidth = 3, PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 };
        var (tracked, materialised) = Weights(s);
        float[] x = Values.Normal(s.InLength, 1), y = new float[s.OutLength];
        using var workers = new Workers(1);
        Assert.Equal(0, Values.Allocated(() => Convolution.Forward(workers, x, tracked.Over(WeightSource.Zero(materialised.Length)), [], s, y)));
        Assert.Equal(0, Values.Allocated(() => Convolution.BackwardData(workers, y, tracked.Over(WeightSource.Zero(materialised.Length)), s, x)));
    }

    static (Tracked Tracked, float[] Materialised) Weights(in ConvShape s)
    {
        var count = (long)s.WeightRows * s.WeightColumns;
        var tracked = new Tracked(count, 9, 3);
        var materialised = new float[count];
        tracked.Over(WeightSource.Zero(count)).CopyTo(0, materialised);
        return (tracked, materialised);
    }
}
