namespace EdgeDropBack.Kernels;

/// <summary>Shape of a convolution over NCHW activations with OIHW weights. A 1-D convolution has height 1.</summary>
public readonly record struct ConvShape
{
    public ConvShape()
    {
    }

    public int Batch { get; init; } = 1;
    public int InChannels { get; init; } = 1;
    public int OutChannels { get; init; } = 1;
    public int Groups { get; init; } = 1;
    public int InHeight { get; init; } = 1;
    public int InWidth { get; init; } = 1;
    public int KernelHeight { get; init; } = 1;
    public int KernelWidth { get; init; } = 1;
    public int StrideHeight { get; init; } = 1;
    public int StrideWidth { get; init; } = 1;
    public int PadTop { get; init; }
    public int PadLeft { get; init; }
    public int PadBottom { get; init; }
    public int PadRight { get; init; }
    public int DilationHeight { get; init; } = 1;
    public int DilationWidth { get; init; } = 1;

    public int OutHeight => (InHeight + PadTop + PadBottom - (DilationHeight * (KernelHeight - 1) + 1)) / StrideHeight + 1;

    public int OutWidth => (InWidth + PadLeft + PadRight - (DilationWidth * (KernelWidth - 1) + 1)) / StrideWidth + 1;

    /// <summary>Rows of the weights viewed as a matrix: output channels.</summary>
    public int WeightRows => OutChannels;

    /// <summary>Columns of the weights viewed as a matrix: (input channel of the group, ky, kx).</summary>
    public int WeightColumns => InChannels / Groups * KernelHeight * KernelWidth;

    /// <summary>Elements of x.</summary>
    public long InLength => (long)Batch * InChannels * InHeight * InWidth;

    /// <summary>Elements of y.</summary>
    public long OutLength => (long)Batch * OutChannels * OutHeight * OutWidth;

    /// <summary>One input and one output channel per group.</summary>
    public bool IsDepthwise => Groups == InChannels && Groups == OutChannels;

    internal int Taps => KernelHeight * KernelWidth;

    internal int InPlane => InHeight * InWidth;

    internal int OutPlane => OutHeight * OutWidth;

    internal void Validate()
    {
        if (Batch < 0 || Groups < 1 || InChannels < 1 || OutChannels < 1 || InChannels % Groups != 0 || OutChannels % Groups != 0
            || KernelHeight < 1 || KernelWidth < 1 || StrideHeight < 1 || StrideWidth < 1 || DilationHeight < 1 || DilationWidth < 1
            || PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0 || InHeight < 1 || InWidth < 1
            || InHeight + PadTop + PadBottom < DilationHeight * (KernelHeight - 1) + 1
            || InWidth + PadLeft + PadRight < DilationWidth * (KernelWidth - 1) + 1)
        {
            throw new ArgumentException($"Not a convolution: {this}.");
        }
    }
}
