namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>y = one FMA chain over (ic, ky, kx) from 0, padding counted as zeros, then + bias.</summary>
    public static void ConvolutionForward(ReadOnlySpan<float> x, in WeightSource weights, ReadOnlySpan<float> bias, in ConvShape s, Span<float> y)
    {
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups;
        for (var n = 0; n < s.Batch; n++)
        {
            for (var oc = 0; oc < s.OutChannels; oc++)
            {
                for (var position = 0; position < s.OutPlane; position++)
                {
                    float sum = 0;
                    for (var ic = 0; ic < channels; ic++)
                    {
                        var plane = x.Slice((n * s.InChannels + oc / outputs * channels + ic) * s.InPlane, s.InPlane);
                        for (var tap = 0; tap < s.Taps; tap++)
                            sum = MathF.FusedMultiplyAdd(weights[((long)oc * channels + ic) * s.Taps + tap], Input(plane, s, position, tap), sum);
                    }
                    y[(n * s.OutChannels + oc) * s.OutPlane + position] = bias.IsEmpty ? sum : sum + bias[oc];
                }
            }
        }
    }

    /// <summary>
    /// dx = one FMA chain over (oc, ky, kx) from 0. Taps whose output position falls between strides are skipped; positions outside the
    /// output count as zeros.
    /// </summary>
    public static void ConvolutionBackwardData(ReadOnlySpan<float> dy, in WeightSource weights, in ConvShape s, Span<float> dx)
    {
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups;
        for (var n = 0; n < s.Batch; n++)
        {
            for (var c = 0; c < s.InChannels; c++)
            {
                for (var position = 0; position < s.InPlane; position++)
                {
                    float sum = 0;
                    for (var o = 0; o < outputs; o++)
                    {
                        var oc = c / channels * outputs + o;
                        var plane = dy.Slice((n * s.OutChannels + oc) * s.OutPlane, s.OutPlane);
                        for (var tap = 0; tap < s.Taps; tap++)
                        {
                            var top = position / s.InWidth + s.PadTop - tap / s.KernelWidth * s.DilationHeight;
                            var left = position % s.InWidth + s.PadLeft - tap % s.KernelWidth * s.DilationWidth;
                            if (top % s.StrideHeight != 0 || left % s.StrideWidth != 0)
                                continue;
                            int oy = top / s.StrideHeight, ox = left / s.StrideWidth;
                            var inside = top >= 0 && oy < s.OutHeight && left >= 0 && ox < s.OutWidth;
                            var weight = weights[((long)oc * channels + c % channels) * s.Taps + tap];
                            sum = MathF.FusedMultiplyAdd(weight, inside ? plane[oy * s.OutWidth + ox] : 0, sum);
                        }
                    }
                    dx[(n * s.InChannels + c) * s.InPlane + position] = sum;
                }
            }
        }
    }

    /// <summary>gradient[oc, (ic, ky, kx)] = 0 + the samples in order, each one FMA chain over output positions from 0.</summary>
    public static void ConvolutionWeightGradient(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, in ConvShape s, Span<float> gradient)
    {
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups;
        for (var oc = 0; oc < s.OutChannels; oc++)
        {
            for (var column = 0; column < s.WeightColumns; column++)
            {
                float sum = 0;
                for (var n = 0; n < s.Batch; n++)
                {
                    var plane = x.Slice((n * s.InChannels + oc / outputs * channels + column / s.Taps) * s.InPlane, s.InPlane);
                    var gradients = dy.Slice((n * s.OutChannels + oc) * s.OutPlane, s.OutPlane);
                    float sample = 0;
                    for (var position = 0; position < s.OutPlane; position++)
                        sample = MathF.FusedMultiplyAdd(gradients[position], Input(plane, s, position, column % s.Taps), sample);
                    sum += sample;
                }
                gradient[oc * s.WeightColumns + column] = sum;
            }
        }
    }

    /// <summary>
    /// gradients[e] = 0 + the samples in order, each an 8-lane dot over output rows; lane = ox mod 8, padding skipped, one tree per sample.
    /// </summary>
    public static void ConvolutionSampledGradient(ReadOnlySpan<float> dy, ReadOnlySpan<float> x, in ConvShape s, ReadOnlySpan<int> tileStarts,
        ReadOnlySpan<ushort> indices, Span<float> gradients)
    {
        int channels = s.InChannels / s.Groups, outputs = s.OutChannels / s.Groups;
        Span<float> lanes = stackalloc float[8];
        for (var tile = 0; tile + 1 < tileStarts.Length; tile++)
        {
            for (var entry = tileStarts[tile]; entry < tileStarts[tile + 1]; entry++)
            {
                var flat = (long)tile * WeightSource.TileSize + indices[entry];
                int oc = (int)(flat / s.WeightColumns), column = (int)(flat % s.WeightColumns);
                float sum = 0;
                for (var n = 0; n < s.Batch; n++)
                {
                    var plane = x.Slice((n * s.InChannels + oc / outputs * channels + column / s.Taps) * s.InPlane, s.InPlane);
                    var output = dy.Slice((n * s.OutChannels + oc) * s.OutPlane, s.OutPlane);
                    lanes.Clear();
                    for (var position = 0; position < s.OutPlane; position++)
                    {
                        var lane = position % s.OutWidth % 8;
                        if (InputIndex(s, position, column % s.Taps) is >= 0 and var index)
                            lanes[lane] = MathF.FusedMultiplyAdd(output[position], plane[index], lanes[lane]);
                    }
                    sum += Tree(lanes);
                }
                gradients[entry] = sum;
            }
        }
    }

    static float Input(ReadOnlySpan<float> plane, in ConvShape s, int position, int tap) =>
        InputIndex(s, position, tap) is >= 0 and var index ? plane[index] : 0;

    /// <summary>Where in its plane the input under a tap at an output position lies; -1 in the padding.</summary>
    static int InputIndex(in ConvShape s, int position, int tap)
    {
        var iy = position / s.OutWidth * s.StrideHeight + tap / s.KernelWidth * s.DilationHeight - s.PadTop;
        var ix = position % s.OutWidth * s.StrideWidth + tap % s.KernelWidth * s.DilationWidth - s.PadLeft;
        return iy < 0 || iy >= s.InHeight || ix < 0 || ix >= s.InWidth ? -1 : iy * s.InWidth + ix;
    }
}
