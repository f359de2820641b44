namespace EdgeDropBack.Kernels;

/// <summary>
/// The input positions that are congruent modulo the stride, and the taps that reach them: an arithmetic progression of ky and of kx. Within
/// a phase the transposed convolution has stride 1.
/// </summary>
readonly struct Phase
{
    readonly int _padTop, _padLeft, _strideHeight, _strideWidth, _dilationHeight, _dilationWidth, _kernelWidth;
    readonly int _firstY, _stepY, _firstX, _stepX, _tapsX;

    public Phase(in ConvShape s, int y, int x)
    {
        (Y, X) = (y, x);
        (_padTop, _padLeft, _kernelWidth) = (s.PadTop, s.PadLeft, s.KernelWidth);
        (_strideHeight, _strideWidth) = (s.StrideHeight, s.StrideWidth);
        (_dilationHeight, _dilationWidth) = (s.DilationHeight, s.DilationWidth);
        Height = GemmTuning.DivideUp(s.InHeight - y, s.StrideHeight);
        Width = GemmTuning.DivideUp(s.InWidth - x, s.StrideWidth);
        (_firstY, _stepY, var tapsY) = Progression(y + s.PadTop, s.DilationHeight, s.StrideHeight, s.KernelHeight);
        (_firstX, _stepX, _tapsX) = Progression(x + s.PadLeft, s.DilationWidth, s.StrideWidth, s.KernelWidth);
        Taps = tapsY * _tapsX;
    }

    /// <summary>Whether there may be inputs that no output depends on.</summary>
    public static bool SomeHaveNoTaps(in ConvShape s) => HasNoTaps(s.StrideHeight, s.KernelHeight, s.DilationHeight)
        || HasNoTaps(s.StrideWidth, s.KernelWidth, s.DilationWidth);

    static bool HasNoTaps(int stride, int taps, int dilation) => stride > 1 && (taps < stride || dilation > 1);

    /// <summary>First input row and column.</summary>
    public int Y { get; }

    public int X { get; }

    /// <summary>Input rows and columns of the phase.</summary>
    public int Height { get; }

    public int Width { get; }

    public int Plane => Height * Width;

    /// <summary>Taps that reach the phase, in kernel order.</summary>
    public int Taps { get; }

    /// <summary>Index in the kernel of the phase's tap t.</summary>
    public int Tap(int t) => (_firstY + t / _tapsX * _stepY) * _kernelWidth + _firstX + t % _tapsX * _stepX;

    /// <summary>Output row minus phase row under tap t, and the same for columns.</summary>
    public (int Y, int X) Offset(int t)
    {
        int ky = _firstY + t / _tapsX * _stepY, kx = _firstX + t % _tapsX * _stepX;
        return ((Y + _padTop - ky * _dilationHeight) / _strideHeight, (X + _padLeft - kx * _dilationWidth) / _strideWidth);
    }

    /// <summary>Taps with (origin - tap * dilation) divisible by the stride.</summary>
    static (int First, int Step, int Count) Progression(int origin, int dilation, int stride, int taps)
    {
        for (var first = 0; first < Math.Min(taps, stride); first++)
        {
            if ((origin - first * dilation) % stride != 0)
                continue;
            var step = stride / CommonDivisor(stride, dilation);
            return (first, step, (taps - 1 - first) / step + 1);
        }
        return (0, 1, 0);
    }

    static int CommonDivisor(int a, int b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
