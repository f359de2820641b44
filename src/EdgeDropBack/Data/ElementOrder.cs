namespace EdgeDropBack.Data;

/// <summary>Moves array elements as opaque bytes.</summary>
static class ElementOrder
{
    /// <summary>Reverses the bytes of every element in place.</summary>
    internal static void Swap(Span<byte> bytes, int size)
    {
        for (var i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }

    /// <summary>A copy in row-major order of elements stored first axis fastest.</summary>
    internal static byte[] FortranToRowMajor(byte[] source, int size, ReadOnlySpan<int> shape)
    {
        var destination = GC.AllocateUninitializedArray<byte>(source.Length);
        Span<int> index = stackalloc int[shape.Length];
        Span<int> strides = stackalloc int[shape.Length];
        index.Clear();
        strides[0] = size;
        for (var axis = 1; axis < shape.Length; axis++)
            strides[axis] = source.Length == 0 ? 0 : strides[axis - 1] * shape[axis - 1];
        var from = 0;
        for (var to = 0; to < destination.Length; to += size)
        {
            source.AsSpan(from, size).CopyTo(destination.AsSpan(to));
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return destination;
    }

    /// <summary>Turns every [rows, columns] matrix of elements into [columns, rows]; an image's two layouts are such matrices.</summary>
    internal static byte[] TransposeEach(byte[] source, int size, int matrices, int rows, int columns)
    {
        var destination = GC.AllocateUninitializedArray<byte>(source.Length);
        for (var m = 0; m < matrices; m++)
        {
            var start = m * rows * columns * size;
            for (var r = 0; r < rows; r++)
                for (var c = 0; c < columns; c++)
                    source.AsSpan(start + (r * columns + c) * size, size).CopyTo(destination.AsSpan(start + (c * rows + r) * size));
        }
        return destination;
    }
}
