namespace EdgeDropBack.Kernels;

/// <summary>Maximum pooling, or its backward, over some of the planes.</summary>
readonly unsafe struct MaxPoolRange(float* x, float* y, int* argmax, PoolShape shape, bool backward) : IRange
{
    public void Run(int start, int end)
    {
        var part = shape with { Batch = 1, Channels = end - start };
        int inPlane = shape.InPlane, outPlane = shape.OutPlane;
        var winners = argmax == null ? default : new Span<int>(argmax + (nint)start * outPlane, (end - start) * outPlane);
        var inputs = new Span<float>(x + (nint)start * inPlane, (end - start) * inPlane);
        var outputs = new Span<float>(y + (nint)start * outPlane, (end - start) * outPlane);
        if (backward)
            MaxPool.Backward(outputs, winners, inputs, part);
        else
            MaxPool.Forward(inputs, outputs, winners, part);
    }
}
