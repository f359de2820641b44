namespace EdgeDropBack.Kernels.Tests;

public sealed class ElementwiseAllocationTests
{
    [Fact]
    public void KernelsAllocateNothing()
    {
        var pool = new PoolShape { Batch = 2, Channels = 4, InHeight = 8, InWidth = 8, KernelHeight = 2, KernelWidth = 2, StrideHeight = 2, StrideWidth = 2 };
        var bias = new Broadcast([2, 4, 64], [4, 1]);
        var reduce = new ReduceShape([2, 4, 64], [0, 2]);
        var transpose = StridedView.Transpose([2, 4, 64], [0, 2, 1]);
        var pad = new PadShape([8, 64], [1, 1, 1, 1], PadMode.Reflect);
        float[] x = new Samples(1).Array(512), y = new float[1024], c = new Samples(2).Array(4, 0.5f, 1f), r = new float[8];
        int[] argmax = new int[128];
        void Step()
        {
            for (var kind = UnaryKind.Relu; kind <= UnaryKind.Round; kind++)
            {
                Elementwise.Unary(kind, x, y, 1f, 1f);
                Elementwise.UnaryBackward(kind, x, y, x, y, 1f, 1f);
            }
            for (var kind = BinaryKind.Add; kind <= BinaryKind.PRelu; kind++)
            {
                Elementwise.Binary(kind, bias, x, c, y);
                Elementwise.BinaryBackward(kind, bias, x, c, x, y, r);
            }
            for (var kind = ReduceKind.Sum; kind <= ReduceKind.SumSquare; kind++)
            {
                Reduction.Reduce(kind, reduce, x, r);
                Reduction.ReduceBackward(kind, reduce, x, r, r, y);
            }
            MaxPool.Forward(x, y, argmax, pool);
            MaxPool.Backward(x, argmax, y, pool);
            AveragePool.Forward(x, y, pool);
            AveragePool.Backward(x, y, pool);
            LpPool.Forward(x, y, 2, pool);
            BatchNorm.ForwardTraining(x, c, c, r, r.AsSpan(4), 1e-3f, y, 2, 4, 64);
            BatchNorm.BackwardTraining(x, x, c, c, c, 1e-3f, y, r, r.AsSpan(4), 2, 4, 64);
            Softmax.Forward(x, y, 8, 64, 1);
            LogSoftmax.Forward(x, y, 2, 4, 64);
            SoftmaxCrossEntropy.Forward(x, x, x, 8, 64, 1f, y, r);
            SigmoidCrossEntropy.Forward(x, x, x, 8, 64, 1f, y, r);
            Layout.CopyView(x, y, transpose);
            Layout.AddView(x, y, transpose);
            Layout.Pad(x, y, 0f, pad);
            Dropout.Forward(x, y, 0.5f, 1, 1, 0);
        }

        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
