namespace EdgeDropBack.Kernels;

/// <summary>What <see cref="DirectJob{TLeft}"/> does: a forward, or one phase of a backward.</summary>
readonly struct DirectShape
{
    const int MaximumFloats = 96 * 1024;

    /// <summary>Of any micro-kernel that <see cref="KernelFamily.For"/> returns.</summary>
    const int MaximumColumns = 32;

    readonly KernelFamily _kernels;
    readonly ConvShape _shape;
    readonly Phase _phase;
    readonly bool _backward;
    readonly int _taps, _minY, _minX;

    public static DirectShape Forward(in ConvShape s, KernelFamily kernels) => new(s, kernels);

    public static DirectShape Backward(in ConvShape s, in Phase phase, KernelFamily kernels) => new(s, phase, kernels);

    DirectShape(in ConvShape s, KernelFamily kernels)
    {
        _kernels = kernels;
        (_shape, _taps, Batch, Groups) = (s, s.Taps, s.Batch, s.Groups);
        (Rows, Channels, SourcePlane) = (s.OutChannels / s.Groups, s.InChannels / s.Groups, s.InPlane);
        (GridHeight, GridWidth) = (s.OutHeight, s.OutWidth);
        Padded = PaddedPlane.Inputs(s);
    }

    DirectShape(in ConvShape s, in Phase phase, KernelFamily kernels)
    {
        _kernels = kernels;
        (_shape, _phase, _backward, _taps, Batch, Groups) = (s, phase, true, phase.Taps, s.Batch, s.Groups);
        (Rows, Channels, SourcePlane) = (s.InChannels / s.Groups, s.OutChannels / s.Groups, s.OutPlane);
        (GridHeight, GridWidth) = (phase.Height, phase.Width);
        int endY = 1, endX = 1;
        for (var t = 0; t < phase.Taps; t++)
        {
            var (y, x) = phase.Offset(t);
            (_minY, _minX, endY, endX) = (Math.Min(_minY, y), Math.Min(_minX, x), Math.Max(endY, y + phase.Height), Math.Max(endX, x + phase.Width));
        }
        Padded = new PaddedPlane(s.OutHeight, s.OutWidth, -_minY, -_minX, endY - _minY, endX - _minX, 1, 1, 1, 1);
    }

    public ref readonly MicroKernel Kernel => ref _kernels.For(Rows);

    public int Batch { get; }

    public int Groups { get; }

    /// <summary>Planes written and planes read, of a group.</summary>
    public int Rows { get; }

    public int Channels { get; }

    public int SourcePlane { get; }

    public int GridHeight { get; }

    public int GridWidth { get; }

    public PaddedPlane Padded { get; }

    public int Depth => Channels * _taps;

    /// <summary>Outputs of a plane, with what lies between its rows.</summary>
    public int Positions => (GridHeight - 1) * Padded.Pitch + GridWidth;

    /// <summary>Room for whole vectors.</summary>
    public int SumStride => GemmTuning.RoundUp(Positions, MaximumColumns);

    /// <summary>With what the last vector of the last plane reads beyond it.</summary>
    public nint CopyFloats => (nint)Channels * Padded.Floats + MaximumColumns;

    int PaddedRows => GemmTuning.RoundUp(Rows, Kernel.Rows);

    public nint PanelFloats => (nint)PaddedRows * Depth;

    public nint SumFloats => (nint)PaddedRows * SumStride;

    public nint ScratchFloats => CopyFloats + PanelFloats + SumFloats + Packing.StagingFloats + Depth;

    /// <summary>
    /// Whether this path is worth taking; it gives the same bits as the other. What lies between the rows is computed for nothing, which pays
    /// where few planes are written, since packed patches then serve few of them.
    /// </summary>
    public bool IsWorth(int workers)
    {
        if (!Kernel.TakesStrides || _taps == 0 || Batch * Groups < workers || Math.Max(CopyFloats, Math.Max(PanelFloats, SumFloats)) > MaximumFloats)
            return false;
        if (_shape.Taps == 1 && _shape.StrideWidth == 1 && _shape.StrideHeight == 1)
            return false;
        long spent = (long)GemmTuning.RoundUp(Positions, Kernel.Columns) * PaddedRows, useful = (long)GridHeight * GridWidth * Rows;
        return Rows <= 32 ? spent * 2 <= useful * 3 : spent * 5 <= useful * 7;
    }

    /// <summary>Where depth d, a tap of a channel, starts in the copies.</summary>
    public int Offset(int d)
    {
        var (channel, tap) = Math.DivRem(d, _taps);
        var (y, x) = _backward ? _phase.Offset(tap) : (tap / _shape.KernelWidth * _shape.DilationHeight, tap % _shape.KernelWidth * _shape.DilationWidth);
        return channel * Padded.Floats + Padded.Offset(y - _minY, x - _minX);
    }
}
