namespace EdgeDropBack.Kernels;

/// <summary>Resizes the last two axes of [planes, height, width], nearest or linear by each axis's plan.</summary>
public static partial class Resize
{
    /// <summary>y [planes, rows.OutSize, columns.OutSize]: along the width first, then between the two rows.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int planes, ResizeAxis rows, ResizeAxis columns)
    {
        int inPlane = rows.InSize * columns.InSize, width = columns.OutSize;
        SpanGuard.AtLeast(x.Length, (long)planes * inPlane);
        SpanGuard.AtLeast(y.Length, (long)planes * rows.OutSize * width);
        for (int line = 0; line < planes * rows.OutSize; line++)
        {
            int oy = line % rows.OutSize, plane = line / rows.OutSize * inPlane;
            var low = x.Slice(plane + (rows.Low[oy] * columns.InSize), columns.InSize);
            var high = x.Slice(plane + (rows.High[oy] * columns.InSize), columns.InSize);
            float weight = rows.Weight[oy];
            for (int ox = 0; ox < width; ox++)
            {
                float top = Mix(low[columns.Low[ox]], low[columns.High[ox]], columns.Weight[ox]);
                y[(line * width) + ox] = weight == 0f ? top : Mix(top, Mix(high[columns.Low[ox]], high[columns.High[ox]], columns.Weight[ox]), weight);
            }
        }
    }

    /// <summary>dx is zeroed, then each result's gradient is added to its sources, in row-major order of the result.</summary>
    public static void Backward(ReadOnlySpan<float> dy, Span<float> dx, int planes, ResizeAxis rows, ResizeAxis columns)
    {
        int inPlane = rows.InSize * columns.InSize, width = columns.OutSize;
        SpanGuard.AtLeast(dx.Length, (long)planes * inPlane);
        SpanGuard.AtLeast(dy.Length, (long)planes * rows.OutSize * width);
        dx[..(planes * inPlane)].Clear();
        for (int line = 0; line < planes * rows.OutSize; line++)
        {
            int oy = line % rows.OutSize, plane = line / rows.OutSize * inPlane;
            var low = dx.Slice(plane + (rows.Low[oy] * columns.InSize), columns.InSize);
            var high = dx.Slice(plane + (rows.High[oy] * columns.InSize), columns.InSize);
            for (int ox = 0; ox < width; ox++)
            {
                float gradient = dy[(line * width) + ox], below = gradient * rows.Weight[oy], weight = columns.Weight[ox];
                Add(low, gradient - below, columns.Low[ox], columns.High[ox], weight);
                if (below != 0f) Add(high, below, columns.Low[ox], columns.High[ox], weight);
            }
        }
    }

    static float Mix(float low, float high, float weight) => weight == 0f ? low : MathF.FusedMultiplyAdd(weight, high - low, low);

    static void Add(Span<float> row, float gradient, int low, int high, float weight)
    {
        float right = gradient * weight;
        row[low] += gradient - right;
        if (weight != 0f) row[high] += right;
    }
}
