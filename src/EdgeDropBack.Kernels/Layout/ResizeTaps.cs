namespace EdgeDropBack.Kernels;

/// <summary>
/// Plan of resizing one axis with any filter: result index i is the sum of Weight[t] times source Index[t] over the taps
/// First[i] to First[i + 1]; without any it lies outside the source.
/// </summary>
public sealed class ResizeTaps
{
    /// <summary>scale is ONNX's own when the model gives one, else outSize / inSize.</summary>
    /// <param name="inSize">At least 1.</param>
    /// <exception cref="ArgumentException">The filter would read more than <paramref name="mostTaps"/> elements.</exception>
    public ResizeTaps(int inSize, int outSize, float scale, in ResizeSampling sampling, int mostTaps)
    {
        (InSize, First) = (inSize, new int[outSize + 1]);
        var (index, weight) = (new List<int>(), new List<float>());
        float stretch = sampling.Antialias && scale < 1f ? 1f / scale : 1f;
        float radius = sampling.Rounding switch { ResizeRounding.Linear => stretch, ResizeRounding.Cubic => 2f * stretch, _ => 0f };
        if (!(outSize * (2.0 * Math.Min(radius, inSize) + 2) <= mostTaps)) throw new ArgumentException($"a filter over {radius} elements on each side");
        for (int i = 0; i < outSize; i++)
        {
            First[i] = index.Count;
            float at = Position(i, inSize, outSize, scale, sampling);
            if (sampling.Coordinates == ResizeCoordinates.CropAndResize && !(at >= 0f && at <= inSize - 1)) continue;
            if (radius == 0f)
            {
                index.Add((int)Math.Clamp(ResizeAxis.Nearest(at, sampling.Rounding), 0f, inSize - 1));
                weight.Add(1f);
                continue;
            }
            Filter(Math.Clamp(at, -radius - 1f, inSize + radius), radius, stretch, sampling, index, weight);
        }
        First[outSize] = index.Count;
        (Index, Weight) = ([.. index], [.. weight]);
    }

    public int InSize { get; }

    public int OutSize => First.Length - 1;

    internal int[] First { get; }

    internal int[] Index { get; }

    internal float[] Weight { get; }

    static float Position(int i, int inSize, int outSize, float scale, in ResizeSampling sampling)
    {
        if (sampling.Coordinates != ResizeCoordinates.CropAndResize) return ResizeAxis.Position(i, inSize, outSize, scale, sampling.Coordinates);
        float start = sampling.RegionStart, end = sampling.RegionEnd, last = inSize - 1;
        return outSize > 1 ? (start * last) + (i * (end - start) * last / (outSize - 1)) : 0.5f * (start + end) * last;
    }

    /// <summary>Taps from the lowest to the highest element under the filter, their weights made to add up to 1.</summary>
    void Filter(float at, float radius, float stretch, in ResizeSampling sampling, List<int> index, List<float> weight)
    {
        int from = index.Count;
        float sum = 0f;
        for (int element = (int)MathF.Floor(at - radius) + 1; element < at + radius; element++)
        {
            bool isOutside = element < 0 || element >= InSize;
            if (isOutside && sampling.ExcludeOutside) continue;
            float share = Share((element - at) / stretch, sampling);
            if (share == 0f) continue;
            sum += share;
            index.Add(Math.Clamp(element, 0, InSize - 1));
            weight.Add(share);
        }
        if (index.Count == from)
        {
            index.Add((int)Math.Clamp(at, 0f, InSize - 1));
            weight.Add(1f);
            return;
        }
        for (int t = from; t < weight.Count; t++) weight[t] /= sum;
    }

    static float Share(float distance, in ResizeSampling sampling)
    {
        float d = MathF.Abs(distance), a = sampling.CubicCoefficient;
        if (sampling.Rounding == ResizeRounding.Linear) return Math.Max(0f, 1f - d);
        return d <= 1f ? ((((a + 2f) * d) - (a + 3f)) * d * d) + 1f : d < 2f ? ((((((d - 5f) * d) + 8f) * d) - 4f) * a) : 0f;
    }
}
