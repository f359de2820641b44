namespace EdgeDropBack.Kernels;

/// <summary>A weight's index in the kernel, and where it lies: source row minus the grid's row times the step, and column in an interleaved line.</summary>
readonly record struct DepthwiseTap(int Weight, int Row, int Column);

/// <summary>Destination positions that share their taps: one grid forward, one per phase backward.</summary>
/// <param name="First">Index of the first of its taps.</param>
/// <param name="Width">Positions of a row.</param>
readonly record struct DepthwiseGrid(int First, int Taps, int Width);

/// <summary>The geometry of <see cref="DepthwiseJob"/>.</summary>
readonly unsafe struct DepthwiseTaps
{
    /// <summary>Of padded lines: 16 MB.</summary>
    const long MaximumFloats = 4 << 20;

    readonly ConvShape _shape;
    readonly bool _backward;

    public DepthwiseTaps(in ConvShape s, bool backward)
    {
        (_shape, _backward) = (s, backward);
        if (!backward)
        {
            (SourceHeight, SourceWidth, DestinationHeight, DestinationWidth) = (s.InHeight, s.InWidth, s.OutHeight, s.OutWidth);
            (PhasesY, PhasesX, RowStep, ColumnStep) = (1, 1, s.StrideHeight, s.StrideWidth);
            (FirstRow, Rows) = (-s.PadTop, (s.KernelHeight - 1) * s.DilationHeight + 1);
            (Left, LineWidth, Listed) = (s.PadLeft, (s.OutWidth - 1) * s.StrideWidth + (s.KernelWidth - 1) * s.DilationWidth + 1, s.Taps);
            return;
        }
        (SourceHeight, SourceWidth, DestinationHeight, DestinationWidth) = (s.OutHeight, s.OutWidth, s.InHeight, s.InWidth);
        (PhasesY, PhasesX, RowStep, ColumnStep) = (Math.Min(s.StrideHeight, s.InHeight), Math.Min(s.StrideWidth, s.InWidth), 1, 1);
        int minY = 0, minX = 0, maxY = 0, endX = 1;
        for (var y = 0; y < PhasesY; y++)
        {
            for (var x = 0; x < PhasesX; x++)
            {
                var phase = new Phase(s, y, x);
                Listed += phase.Taps;
                for (var t = 0; t < phase.Taps; t++)
                {
                    var (row, column) = phase.Offset(t);
                    (minY, maxY, minX, endX) = (Math.Min(minY, row), Math.Max(maxY, row), Math.Min(minX, column), Math.Max(endX, column + phase.Width));
                }
            }
        }
        (FirstRow, Rows, Left, LineWidth) = (minY, maxY - minY + 1, -minX, endX - minX);
    }

    public int SourceHeight { get; }

    public int SourceWidth { get; }

    public int DestinationHeight { get; }

    public int DestinationWidth { get; }

    /// <summary>Destination rows and columns that are congruent modulo these share a grid.</summary>
    public int PhasesY { get; }

    public int PhasesX { get; }

    /// <summary>Source rows and columns from one position of a grid to the next.</summary>
    public int RowStep { get; }

    public int ColumnStep { get; }

    /// <summary>Source row of the topmost tap, for the first row of a grid.</summary>
    public int FirstRow { get; }

    /// <summary>Source rows from the topmost tap to the lowest.</summary>
    public int Rows { get; }

    /// <summary>Of these, lines in the ring: every row has its own or they take turns.</summary>
    public int RingRows => Math.Min(Rows, SourceHeight);

    /// <summary>Zeros before a source row in its line, and the line's width with them.</summary>
    public int Left { get; }

    public int LineWidth { get; }

    /// <summary>Taps that some destination depends on.</summary>
    public int Listed { get; }

    /// <summary>Whether a depthwise convolution takes <see cref="DepthwiseJob"/>; those with immense padding, dilation or stride are products.</summary>
    public static bool Takes(in ConvShape s, bool backward)
    {
        if (!s.IsDepthwise || (long)Math.Min(s.StrideHeight, s.InHeight) * Math.Min(s.StrideWidth, s.InWidth) > MaximumFloats / 8)
            return false;
        var taps = new DepthwiseTaps(s, backward);
        return (taps.RingRows + 2L) * PlaneLanes.Count * Math.Max(taps.LineWidth, taps.DestinationWidth) <= MaximumFloats;
    }

    public int Grids => PhasesY * PhasesX;

    /// <summary>Columns of a source row that some tap reaches.</summary>
    public int Copied => Math.Clamp(LineWidth - Left, 0, SourceWidth);

    public nint LineFloats => (nint)PlaneLanes.Count * LineWidth;

    public nint RingFloats => RingRows * LineFloats;

    /// <summary>Ring, zeros, results, weights and offsets of eight planes, all weights, and the lists.</summary>
    public nint ScratchFloats(in ConvShape s) => RingFloats + LineFloats + PlaneLanes.Count * (DestinationWidth + (nint)s.Taps + 1)
        + (nint)s.Taps * s.InChannels + (Grids * sizeof(DepthwiseGrid) + s.Taps * (sizeof(DepthwiseTap) + sizeof(float*))) / sizeof(float);

    public void List(DepthwiseGrid* grids, DepthwiseTap* taps)
    {
        if (!_backward)
        {
            grids[0] = new(0, _shape.Taps, _shape.OutWidth);
            for (var t = 0; t < _shape.Taps; t++)
                taps[t] = new(t, FirstRow + t / _shape.KernelWidth * _shape.DilationHeight, t % _shape.KernelWidth * _shape.DilationWidth);
            return;
        }
        var listed = 0;
        for (var grid = 0; grid < Grids; grid++)
        {
            var phase = new Phase(_shape, grid / PhasesX, grid % PhasesX);
            grids[grid] = new(listed, phase.Taps, phase.Width);
            for (var t = 0; t < phase.Taps; t++)
            {
                var (row, column) = phase.Offset(t);
                taps[listed++] = new(phase.Tap(t), row, column + Left);
            }
        }
    }
}
