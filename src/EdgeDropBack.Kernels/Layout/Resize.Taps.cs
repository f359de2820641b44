namespace EdgeDropBack.Kernels;

/// <summary>Resizes one axis of [outer, size, inner] by its taps.</summary>
public static partial class Resize
{
    /// <summary>y [outer, taps.OutSize, inner]: a chain over the taps of each result; without any it is <paramref name="outside"/>.</summary>
    public static void Forward(ReadOnlySpan<float> x, Span<float> y, int outer, int inner, ResizeTaps taps, float outside)
    {
        SpanGuard.AtLeast(x.Length, (long)outer * taps.InSize * inner);
        SpanGuard.AtLeast(y.Length, (long)outer * taps.OutSize * inner);
        for (int line = 0; line < outer * taps.OutSize; line++)
        {
            int o = line / taps.OutSize, i = line % taps.OutSize;
            var to = y.Slice(line * inner, inner);
            to.Fill(taps.First[i] == taps.First[i + 1] ? outside : 0f);
            for (int t = taps.First[i]; t < taps.First[i + 1]; t++)
            {
                var from = x.Slice(((o * taps.InSize) + taps.Index[t]) * inner, inner);
                float weight = taps.Weight[t];
                for (int j = 0; j < inner; j++) to[j] = MathF.FusedMultiplyAdd(weight, from[j], to[j]);
            }
        }
    }

    /// <summary>dx is zeroed, then each result's gradient is added to its taps, in order of the result.</summary>
    public static void Backward(ReadOnlySpan<float> dy, Span<float> dx, int outer, int inner, ResizeTaps taps)
    {
        SpanGuard.AtLeast(dx.Length, (long)outer * taps.InSize * inner);
        SpanGuard.AtLeast(dy.Length, (long)outer * taps.OutSize * inner);
        dx[..(outer * taps.InSize * inner)].Clear();
        for (int line = 0; line < outer * taps.OutSize; line++)
        {
            int o = line / taps.OutSize, i = line % taps.OutSize;
            var from = dy.Slice(line * inner, inner);
            for (int t = taps.First[i]; t < taps.First[i + 1]; t++)
            {
                var to = dx.Slice(((o * taps.InSize) + taps.Index[t]) * inner, inner);
                float weight = taps.Weight[t];
                for (int j = 0; j < inner; j++) to[j] = MathF.FusedMultiplyAdd(weight, from[j], to[j]);
            }
        }
    }
}
