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
        fixed (float* inputs = x, offsets = bias, outputs = y)
        fixed (byte* bytes = weights.Base)
        fixed (int* tileStarts = weights.TileStarts)
        fixed (ushort* indices = weights.Indices)
        fixed (float* values = weights.Values)
        {
            var view = new WeightView(weights, bytes, tileStarts, indices, values);
            if (DepthwiseTaps.Takes(s, backward: false))
            {
                DepthwiseJob.Run(w, inputs, view, offsets, s, outputs, backward: false);
                return;
            }
            var rows = s.OutChannels / s.Groups;
            var left = new WeightOperand(view, s.WeightColumns, (long)rows * s.WeightColumns, alongDepth: true);
            var direct = DirectShape.Forward(s, KernelTable.Family);
            if (SparseConvolutionJob.Takes(weights, direct))
                SparseConvolutionJob.Forward(w, inputs, new SparseWeights(tileStarts, indices, values), s, direct, PlaneSink.Output(outputs, offsets, s));
            else if (direct.IsWorth(w.Count))
                DirectJob<WeightOperand>.Run(w, inputs, left, PlaneSink.Output(outputs, offsets, s), direct);
            else
                ProductJob<WeightOperand, PatchLines, PlaneSink>.Run(w, left, new PatchLines(inputs, s, false), PlaneSink.Output(outputs, offsets, s),
                    s.Groups, rows, s.Batch * s.OutPlane, s.WeightColumns);
        }
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
        fixed (float* gradients = dy, outputs = dx)
        fixed (byte* bytes = weights.Base)
        fixed (int* tileStarts = weights.TileStarts)
        fixed (ushort* indices = weights.Indices)
        fixed (float* values = weights.Values)
        {
            var view = new WeightView(weights, bytes, tileStarts, indices, values);
            if (DepthwiseTaps.Takes(s, backward: true))
            {
                DepthwiseJob.Run(w, gradients, view, null, s, outputs, backward: true);
                return;
            }
            if (Phase.SomeHaveNoTaps(s))
                new Span<float>(outputs, (int)s.InLength).Clear();
            for (var y = 0; y < Math.Min(s.StrideHeight, s.InHeight); y++)
            {
                for (var x = 0; x < Math.Min(s.StrideWidth, s.InWidth); x++)
                {
                    var phase = new Phase(s, y, x);
                    if (phase.Taps == 0)
                        continue;
                    var direct = DirectShape.Backward(s, phase, KernelTable.Family);
                    if (SparseConvolutionJob.Takes(weights, direct))
                        SparseConvolutionJob.Backward(w, gradients, new SparseWeights(tileStarts, indices, values), s, phase, direct,
                            PlaneSink.Input(outputs, s, phase));
                    else if (direct.IsWorth(w.Count))
                        DirectJob<TapWeights>.Run(w, gradients, new TapWeights(view, s, phase), PlaneSink.Input(outputs, s, phase), direct);
                    else
                        ProductJob<TapWeights, GradientLines, PlaneSink>.Run(w, new TapWeights(view, s, phase), new GradientLines(gradients, s, phase),
                            PlaneSink.Input(outputs, s, phase), s.Groups, s.InChannels / s.Groups, s.Batch * phase.Plane,
                            s.OutChannels / s.Groups * phase.Taps);
                }
            }
        }
    }

    static void Check(in WeightSource weights, in ConvShape s)
    {
        s.Validate();
        Require.Exactly(weights.Length, (long)s.WeightRows * s.WeightColumns, "weights");
    }
}
