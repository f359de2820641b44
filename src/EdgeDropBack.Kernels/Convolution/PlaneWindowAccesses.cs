namespace EdgeDropBack.Kernels;

unsafe partial struct PlaneWindow
{
    /// <summary>What <see cref="Load"/> reads of the plane.</summary>
    public readonly void Accesses(AccessStream s, MemoryBlock plane, int offsetY, int offsetX, int start, int count)
    {
        if (_sameRows)
        {
            var shift = offsetY * planeWidth + offsetX;
            var low = Math.Clamp(Math.Max(Math.Max(0, -offsetY) * gridWidth, -shift), start, start + count);
            var high = Math.Clamp(Math.Min(Math.Min(gridHeight, planeHeight - offsetY) * gridWidth, planeHeight * planeWidth - shift), low,
                start + count);
            s.Read(plane, low + shift, high - low);
            return;
        }
        int y = start / gridWidth, x = start % gridWidth;
        var left = Math.Min(gridWidth, offsetX >= 0 ? 0 : (-offsetX + strideX - 1) / strideX);
        var right = planeWidth - offsetX <= 0 ? left : Math.Clamp((planeWidth - offsetX - 1) / strideX + 1, left, gridWidth);
        for (; count > 0; y++, x = 0)
        {
            var length = Math.Min(count, gridWidth - x);
            var row = y * strideY + offsetY;
            int from = Math.Clamp(left, x, x + length), to = Math.Clamp(right, from, x + length);
            if (row >= 0 && row < planeHeight && to > from)
                s.Read(plane, (long)row * planeWidth + offsetX + from * strideX, (to - from - 1) * strideX + 1);
            count -= length;
        }
    }
}
