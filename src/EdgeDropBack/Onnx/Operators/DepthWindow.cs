namespace EdgeDropBack.Onnx;

/// <summary>The window of a convolution over the first of three dimensions.</summary>
readonly record struct DepthWindow(int Size, int Kernel, int Stride, int Dilation, int Begin, int End)
{
    /// <summary>What stands for it where there are fewer dimensions.</summary>
    public static readonly DepthWindow None = new(1, 1, 1, 1, 0, 0);

    public int Padded => Size + Begin + End;

    public int Count => ((Padded - ((Kernel - 1) * Dilation) - 1) / Stride) + 1;
}
