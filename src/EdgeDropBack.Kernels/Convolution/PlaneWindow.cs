using System.Runtime.Intrinsics;

namespace EdgeDropBack.Kernels;

/// <summary>
/// A grid [GridHeight, GridWidth] over a plane [PlaneHeight, PlaneWidth]: grid (y, x) shows plane (y * StrideY + OffsetY, x * StrideX + OffsetX),
/// or 0 outside the plane.
/// </summary>
unsafe partial struct PlaneWindow(int planeHeight, int planeWidth, int gridHeight, int gridWidth, int strideY, int strideX)
{
    readonly bool _sameRows = strideY == 1 && strideX == 1 && gridWidth == planeWidth;

    public readonly int GridPlane => gridHeight * gridWidth;

    /// <summary>Grid positions [start, start + count) of one plane, as a pointer into it or in <paramref name="destination"/>.</summary>
    public readonly float* Load(float* plane, int offsetY, int offsetX, int start, int count, float* destination)
    {
        if (!_sameRows)
        {
            FillRows(plane, offsetY, offsetX, start, count, destination);
            return destination;
        }
        // Rows are as long as the plane's: the window is the plane, shifted, with zeros where it leaves the plane.
        var shift = offsetY * planeWidth + offsetX;
        var firstRow = Math.Max(0, -offsetY);
        var endRow = Math.Min(gridHeight, planeHeight - offsetY);
        var low = Math.Clamp(Math.Max(firstRow * gridWidth, -shift), start, start + count);
        var high = Math.Clamp(Math.Min(endRow * gridWidth, planeHeight * planeWidth - shift), low, start + count);
        if (offsetX == 0 && low == start && high == start + count)
            return plane + start + shift;
        new Span<float>(destination, low - start).Clear();
        new Span<float>(plane + low + shift, high - low).CopyTo(new Span<float>(destination + (low - start), high - low));
        new Span<float>(destination + (high - start), start + count - high).Clear();
        if (offsetX < 0)
            ClearColumns(0, Math.Min(-offsetX, gridWidth), low, high, destination - start);
        else if (offsetX > 0)
            ClearColumns(Math.Max(0, gridWidth - offsetX), gridWidth, low, high, destination - start);
        return destination;
    }

    /// <summary>Zeros columns [from, to) of every row within positions [low, high).</summary>
    readonly void ClearColumns(int from, int to, int low, int high, float* positions)
    {
        for (var row = low / gridWidth * gridWidth; row < high; row += gridWidth)
            for (var position = Math.Max(low, row + from); position < Math.Min(high, row + to); position++)
                positions[position] = 0;
    }

    readonly void FillRows(float* plane, int offsetY, int offsetX, int start, int count, float* destination)
    {
        int y = start / gridWidth, x = start % gridWidth;
        // Columns [low, high) lie inside the plane.
        var low = Math.Min(gridWidth, offsetX >= 0 ? 0 : (-offsetX + strideX - 1) / strideX);
        var high = planeWidth - offsetX <= 0 ? low : Math.Clamp((planeWidth - offsetX - 1) / strideX + 1, low, gridWidth);
        for (; count > 0; y++, x = 0)
        {
            var length = Math.Min(count, gridWidth - x);
            var row = y * strideY + offsetY;
            if (row < 0 || row >= planeHeight)
                new Span<float>(destination, length).Clear();
            else
                FillRow(plane + (nint)row * planeWidth + offsetX, x, length, low, high, destination);
            destination += length;
            count -= length;
        }
    }

    readonly void FillRow(float* source, int x, int length, int low, int high, float* destination)
    {
        low = Math.Clamp(low, x, x + length);
        high = Math.Clamp(high, low, x + length);
        for (var i = x; i < low; i++)
            *destination++ = 0;
        if (strideX == 1)
        {
            new Span<float>(source + low, high - low).CopyTo(new Span<float>(destination, high - low));
            destination += high - low;
        }
        else
        {
            var i = low;
            if (strideX == 2)
            {
                for (; i + 4 < high; i += 4, destination += 4)
                    LaneMoves.Even(Vector128.Load(source + 2 * i), Vector128.Load(source + 2 * i + 4)).Store(destination);
            }
            for (; i < high; i++)
                *destination++ = source[(nint)i * strideX];
        }
        for (var i = high; i < x + length; i++)
            *destination++ = 0;
    }
}
