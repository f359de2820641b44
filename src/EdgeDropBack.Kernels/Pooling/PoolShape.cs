namespace EdgeDropBack.Kernels;

/// <summary>Shape of a 2-D pooling over [Batch, Channels, InHeight, InWidth]; a 1-D pooling has height 1. Output by ONNX's rule.</summary>
public readonly record struct PoolShape
{
    public PoolShape()
    {
    }

    public required int Batch { get; init; }

    public required int Channels { get; init; }

    public required int InHeight { get; init; }

    public required int InWidth { get; init; }

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int PadTop { get; init; }

    public int PadLeft { get; init; }

    public int PadBottom { get; init; }

    public int PadRight { get; init; }

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    /// <summary>Round the output size up; a last window that would start in the bottom or right padding is dropped.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Average pooling divides by the kernel's size with explicit padding counted, else by the input elements under it.</summary>
    public bool CountIncludePad { get; init; }

    public int OutHeight => Output(InHeight, KernelHeight, StrideHeight, PadTop, PadBottom, DilationHeight);

    public int OutWidth => Output(InWidth, KernelWidth, StrideWidth, PadLeft, PadRight, DilationWidth);

    public int Planes => Batch * Channels;

    public int InPlane => InHeight * InWidth;

    public int OutPlane => OutHeight * OutWidth;

    /// <summary>One unpadded window covers the whole plane.</summary>
    public bool IsGlobal => KernelHeight == InHeight && KernelWidth == InWidth && OutPlane == 1 && (PadTop | PadLeft | PadBottom | PadRight) == 0
        && DilationHeight == 1 && DilationWidth == 1;

    int Output(int size, int kernel, int stride, int padBefore, int padAfter, int dilation)
    {
        int span = size + padBefore + padAfter - ((kernel - 1) * dilation) - 1;
        if (span < 0) throw new ArgumentException($"pooling window of {kernel} (dilation {dilation}) exceeds the padded input of {size + padBefore + padAfter}");
        int output = (CeilMode ? (span + stride - 1) / stride : span / stride) + 1;
        if (CeilMode && (output - 1) * stride >= size + padBefore) output--;
        return output;
    }
}
