namespace EdgeDropBack.Kernels;

/// <summary>2-D convolution (correlation, as in ONNX Conv), grouped, strided and dilated, without an im2col buffer.</summary>
public static unsafe partial class Convolution
{
    /// <summary>y: per element one FMA chain over (ic, ky, kx), ascending, from 0, with padding as zeros; then + bias.</summary>
    /// <param name="w">Threads; the result does not depend on their number.</param>
    /// <param name="x">[batch, in channels, in height, in width].</param>
    /// <param name="weights">[out channels, in channels / groups, kernel height, kernel width].</param>
    /// <param name="bias">[out channels] or empty.</param>
    /// <param name="y">[batch, out channels, out height, out width].</param>
    public static void Forward(Workers w, ReadOnlySpan<float> x, in WeightSource weights, ReadOnlySpan<float> bias, in ConvShape s, Span<float> y)
    {
        Check(weights, s);
        Require.Length(x.Length, s.InLength);
        Require.Empty(bias.Length, s.OutChannels, "biases");
        Require.Length(y.Length, s.OutLength);
        Reference.ConvolutionForward(x, weights, bias, s, y);
    }

    /// <summary>
    /// dx, overwritten: per element one FMA chain over (oc, ky, kx), ascending, from 0. Taps that fall between strides are skipped; positions
    /// outside the output count as zeros.
    /// </summary>
    /// <param name="w">Threads; the result does not depend on their number.</param>
    /// <param name="dy">[batch, out channels, out height, out width].</param>
    /// <param name="weights">[out channels, in channels / groups, kernel height, kernel width].</param>
    /// <param name="dx">[batch, in channels, in height, in width].</param>
    public static void BackwardData(Workers w, ReadOnlySpan<float> dy, in WeightSource weights, in ConvShape s, Span<float> dx)
    {
        Check(weights, s);
        Require.Length(dy.Length, s.OutLength);
        Require.Length(dx.Length, s.InLength);
        Reference.ConvolutionBackwardData(dy, weights, s, dx);
    }

    static void Check(in WeightSource weights, in ConvShape s)
    {
        s.Validate();
        Require.Exactly(weights.Length, (long)s.WeightRows * s.WeightColumns, "weights");
    }
}
