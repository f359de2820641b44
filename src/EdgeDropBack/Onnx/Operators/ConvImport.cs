using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Conv in one, two or three dimensions, all pad forms, strides, dilations, groups.</summary>
static class ConvImport
{
    public static void Import(NodeImport n)
    {
        var (x, w) = (n.Shape(0), n.Shape(1));
        ImportShapes.Expect(x.Rank is >= 3 and <= 5,
            $"x has shape {x}; convolutions over one to three dimensions are supported, that is [batch, channels, (depth,) (height,) width]");
        ImportShapes.Expect(w.Rank == x.Rank, $"W has shape {w}, expected rank {x.Rank} for x {x}");
        var spatial = x.Rank - 2;
        var kernel = n.Node.Ints("kernel_shape") is null ? [.. w.Dims[2..]] : ImportShapes.PerDimension(n.Node, "kernel_shape", spatial);
        ImportShapes.Expect(kernel.AsSpan().SequenceEqual(w.Dims.AsSpan()[2..]), $"kernel_shape is [{string.Join(", ", kernel)}], but W has shape {w}");
        var groups = ImportShapes.Small(n.Node.Int("group", 1), "group");
        ImportShapes.Expect(groups >= 1 && x[1] == w[1] * groups && w[0] % groups == 0,
            $"x {x} and W {w} do not fit {groups} group(s): expected {w[1]} x {groups} input channels");
        var strides = ImportShapes.PerDimension(n.Node, "strides", spatial);
        var dilations = ImportShapes.PerDimension(n.Node, "dilations", spatial);
        var (begin, end) = ImportShapes.Pads(n.Node, x.ToArray()[2..], kernel, strides, dilations);
        ImportShapes.ExpectFits(x, kernel, dilations, begin, end);
        var bias = n.Has(2) ? n.Value(2) : null;
        ImportShapes.Expect(bias is null || bias.Shape.Count == w[0], $"bias has shape {bias?.Shape}, expected [{w[0]}]");
        var flat = spatial == 1;
        var depth = spatial == 3 ? new DepthWindow(x[2], kernel[0], strides[0], dilations[0], begin[0], end[0]) : DepthWindow.None;
        var shape = new ConvShape
        {
            Batch = new Shape(x[0], depth.Count).Count,
            InChannels = new Shape(x[1], depth.Kernel).Count,
            OutChannels = w[0],
            Groups = groups,
            InHeight = flat ? 1 : x[^2],
            InWidth = x[^1],
            KernelHeight = flat ? 1 : kernel[^2],
            KernelWidth = kernel[^1],
            StrideHeight = flat ? 1 : strides[^2],
            StrideWidth = strides[^1],
            PadTop = flat ? 0 : begin[^2],
            PadLeft = begin[^1],
            PadBottom = flat ? 0 : end[^2],
            PadRight = end[^1],
            DilationHeight = flat ? 1 : dilations[^2],
            DilationWidth = dilations[^1],
        };
        if (spatial == 3)
        {
            EmitDepth(n, shape, depth, bias);
            return;
        }
        var y = flat ? new Shape(x[0], w[0], shape.OutWidth) : new Shape(x[0], w[0], shape.OutHeight, shape.OutWidth);
        n.Emit(new ConvOperator(shape), y, n.Value(0), n.Value(1), bias);
    }

    /// <summary>
    /// The windows over the depth become channels, which is how W [out, in / groups, kd, kh, kw] lies already: a convolution over height and
    /// width of as many samples as there are windows.
    /// </summary>
    static void EmitDepth(NodeImport n, ConvShape shape, DepthWindow depth, Value? bias)
    {
        var (x, batch, channels, inner) = (n.Value(0), n.Shape(0)[0], n.Shape(0)[1], shape.InHeight * shape.InWidth);
        if (depth.Begin + depth.End > 0)
        {
            var pad = new PadShape([new Shape(batch, channels).Count, depth.Size, inner], [0, depth.Begin, 0, 0, depth.End, 0], PadMode.Constant);
            x = n.Intermediate(".padded", new PadOperator(pad, 0f), new Shape(batch, channels, depth.Padded, shape.InHeight, shape.InWidth), x);
        }
        var windows = StridedView.DepthWindows(batch, channels, depth.Padded, inner, depth.Count, depth.Kernel, depth.Stride, depth.Dilation);
        var samples = new Shape(shape.Batch, shape.InChannels, shape.InHeight, shape.InWidth);
        x = n.Intermediate(".windows", new StridedViewOperator("Conv", windows), samples, x);
        var planes = new Shape(shape.Batch, shape.OutChannels, shape.OutHeight, shape.OutWidth);
        var y = n.Intermediate(".planes", new ConvOperator(shape), planes, x, n.Value(1), bias);
        var order = new TransposeOperator(new Shape(batch, depth.Count, shape.OutChannels, shape.OutHeight * shape.OutWidth), [0, 2, 1, 3]);
        n.Emit(order, new Shape(batch, shape.OutChannels, depth.Count, shape.OutHeight, shape.OutWidth), y);
    }
}
