using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// A copy of a plane within zeros, its rows and columns sorted by their remainder modulo a step, so that every tap of a strided window is one
/// contiguous run over all outputs, with <see cref="Pitch"/> between their rows.
/// </summary>
/// <param name="height">Of the plane.</param>
/// <param name="top">Rows of zeros above it.</param>
/// <param name="totalHeight">Rows with all zeros around it; the plane is cut where it reaches further.</param>
/// <param name="usedY">Remainders below it are asked for: rows of others are left out.</param>
readonly unsafe struct PaddedPlane(int height, int width, int top, int left, int totalHeight, int totalWidth, int stepY, int stepX, int usedY,
    int usedX)
{
    readonly int _phaseFloats = GemmTuning.DivideUp(totalHeight, stepY) * GemmTuning.DivideUp(totalWidth, stepX);

    /// <summary>For the taps of a forward convolution.</summary>
    public static PaddedPlane Inputs(in ConvShape s) => new(s.InHeight, s.InWidth, s.PadTop, s.PadLeft,
        (s.OutHeight - 1) * s.StrideHeight + (s.KernelHeight - 1) * s.DilationHeight + 1,
        (s.OutWidth - 1) * s.StrideWidth + (s.KernelWidth - 1) * s.DilationWidth + 1, s.StrideHeight, s.StrideWidth,
        Used(s.StrideHeight, s.KernelHeight, s.DilationHeight), Used(s.StrideWidth, s.KernelWidth, s.DilationWidth));

    static int Used(int stride, int taps, int dilation) => dilation == 1 ? Math.Min(stride, taps) : stride;

    public int Pitch { get; } = GemmTuning.DivideUp(totalWidth, stepX);

    /// <summary>Room for the copy and for reading up to seven floats beyond it.</summary>
    public int Floats => stepY * stepX * _phaseFloats + 8;

    /// <summary>Where a padded position lies; steps of whole rows and columns go on from there by <see cref="Pitch"/> and 1.</summary>
    public int Offset(int y, int x) => (y % stepY * stepX + x % stepX) * _phaseFloats + y / stepY * Pitch + x / stepX;

    /// <summary>Writes the plane into a copy whose zeros are there already.</summary>
    public void Fill(float* plane, float* copy)
    {
        var rows = Math.Min(height, totalHeight - top);
        var columns = Math.Min(width, totalWidth - left);
        if (stepX == 1 && stepY == 1)
        {
            copy += Offset(top, left);
            for (var y = 0; y < rows; y++, plane += width, copy += Pitch)
                Copy(plane, copy, columns);
            return;
        }
        for (var y = 0; y < rows; y++, plane += width)
        {
            if ((top + y) % stepY >= usedY)
                continue;
            for (var x = 0; x < Math.Min(stepX, columns); x++)
                if ((left + x) % stepX < usedX)
                    Gather(plane + x, copy + Offset(top + y, left + x), GemmTuning.DivideUp(columns - x, stepX));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Copy(float* source, float* destination, int count)
    {
        var i = 0;
        for (; i + 8 <= count; i += 8)
            Vector256.Load(source + i).Store(destination + i);
        for (; i < count; i++)
            destination[i] = source[i];
    }

    void Gather(float* source, float* destination, int count)
    {
        var i = 0;
        if (stepX == 1)
        {
            Copy(source, destination, count);
            return;
        }
        if (stepX == 2)
        {
            for (; i + 4 < count; i += 4)
                LaneMoves.Even(Vector128.Load(source + 2 * i), Vector128.Load(source + 2 * i + 4)).Store(destination + i);
        }
        for (; i < count; i++)
            destination[i] = source[(nint)i * stepX];
    }
}
