using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>ConvTranspose in one, two or three dimensions; pads may follow from output_shape.</summary>
static class ConvTransposeImport
{
    public static void Import(NodeImport n)
    {
        var (x, w) = (n.Shape(0), n.Shape(1));
        ImportShapes.Expect(x.Rank is >= 3 and <= 5 && w.Rank == x.Rank,
            $"x has shape {x} and W {w}; transposed convolutions over one to three dimensions are supported");
        var spatial = x.Rank - 2;
        var groups = ImportShapes.Small(n.Node.Int("group", 1), "group");
        ImportShapes.Expect(groups >= 1 && w[0] == x[1] && x[1] % groups == 0, $"x {x} and W {w} do not fit {groups} group(s)");
        int[] kernel = [.. w.Dims[2..]];
        var strides = ImportShapes.PerDimension(n.Node, "strides", spatial);
        var dilations = ImportShapes.PerDimension(n.Node, "dilations", spatial);
        var (begin, output) = Output(n, x, kernel, strides, dilations);
        var flat = spatial == 1;
        var channels = w[1] * groups;
        int End(int i) => (x[i + 2] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - output[i] - begin[i];
        for (var i = 0; i < spatial; i++)
            ImportShapes.Expect(output[i] >= 1, $"the output would be {output[i]} long; use fewer pads");
        var isDeep = spatial == 3;
        var reverse = new ConvShape
        {
            Batch = isDeep ? new Shape(x[0], x[2]).Count : x[0],
            InChannels = isDeep ? new Shape(channels, kernel[0]).Count : channels,
            OutChannels = x[1],
            Groups = groups,
            InHeight = flat ? 1 : output[^2],
            InWidth = output[^1],
            KernelHeight = flat ? 1 : kernel[^2],
            KernelWidth = kernel[^1],
            StrideHeight = flat ? 1 : strides[^2],
            StrideWidth = strides[^1],
            PadTop = flat ? 0 : begin[^2],
            PadLeft = begin[^1],
            PadBottom = flat ? 0 : Math.Max(0, End(spatial - 2)),
            PadRight = Math.Max(0, End(spatial - 1)),
            DilationHeight = flat ? 1 : dilations[^2],
            DilationWidth = dilations[^1],
        };
        ImportShapes.Expect(reverse.OutHeight == (flat ? 1 : x[^2]) && reverse.OutWidth == x[^1],
            "output_padding is as large as the stride, which no convolution leads back from; use a smaller one");
        var bias = n.Has(2) ? n.Value(2) : null;
        ImportShapes.Expect(bias is null || bias.Shape.Count == channels, $"bias has shape {bias?.Shape}, expected [{channels}]");
        if (isDeep)
        {
            EmitDepth(n, reverse, new DepthWindow(output[0], kernel[0], strides[0], dilations[0], begin[0], 0), channels, bias);
            return;
        }
        n.Emit(new ConvTransposeOperator(reverse), new Shape([x[0], channels, .. output]), n.Value(0), n.Value(1), bias);
    }

    /// <summary>Each plane of x gives kd planes of y, which are added where they lie in its depth.</summary>
    static void EmitDepth(NodeImport n, ConvShape reverse, DepthWindow depth, int channels, Value? bias)
    {
        var (x, inner) = (n.Shape(0), reverse.InHeight * reverse.InWidth);
        var order = new TransposeOperator(new Shape(x[0], x[1], x[2], x[3] * x[4]), [0, 2, 1, 3]);
        var samples = n.Intermediate(".samples", order, new Shape(reverse.Batch, x[1], x[3], x[4]), n.Value(0));
        var parts = new Shape(reverse.Batch, reverse.InChannels, reverse.InHeight, reverse.InWidth);
        var planes = n.Intermediate(".planes", new ConvTransposeOperator(reverse), parts, samples, n.Value(1), null);
        var reach = ((x[2] - 1L) * depth.Stride) + ((depth.Kernel - 1L) * depth.Dilation) + 1;
        var full = ImportShapes.Small(Math.Max(reach, (long)depth.Begin + depth.Size), "the depth of the output");
        var windows = StridedView.DepthWindows(x[0], channels, full, inner, x[2], depth.Kernel, depth.Stride, depth.Dilation);
        var whole = new Shape(x[0], channels, full, reverse.InHeight, reverse.InWidth);
        var sum = n.Intermediate(".sum", new ViewSumOperator("ConvTranspose", windows), whole, planes);
        var y = new Shape(x[0], channels, depth.Size, reverse.InHeight, reverse.InWidth);
        var cut = new StridedViewOperator("ConvTranspose", StridedView.Slice(whole.ToArray(), [0, 0, depth.Begin, 0, 0], y.ToArray(), [1, 1, 1, 1, 1]));
        if (bias is null)
        {
            n.Emit(cut, y, sum);
            return;
        }
        var column = n.Intermediate(".bias", new ViewOperator("Reshape"), new Shape(channels, 1, 1, 1), bias);
        var add = new BinaryOperator("Add", BinaryKind.Add, new Broadcast(y.ToArray(), column.Shape.ToArray()));
        n.Emit(add, y, n.Intermediate(".cut", cut, y, sum), column);
    }

    /// <summary>Padding in front, and output sizes: from pads and output_padding, or from output_shape and what padding it takes.</summary>
    static (int[] Begin, int[] Output) Output(NodeImport n, Shape x, int[] kernel, int[] strides, int[] dilations)
    {
        var spatial = kernel.Length;
        var extra = n.Node.Ints("output_padding", [.. new long[spatial]]);
        ImportShapes.Expect(extra.Count == spatial, $"output_padding has {extra.Count} numbers, expected {spatial}");
        var autoPad = n.Node.String("auto_pad", "NOTSET");
        ImportShapes.Expect(autoPad is "NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER", $"auto_pad is '{autoPad}'");
        var pads = autoPad == "NOTSET" ? n.Node.Ints("pads", [.. new long[2 * spatial]]) : [.. new long[2 * spatial]];
        ImportShapes.Expect(pads.Count == 2 * spatial, $"pads has {pads.Count} numbers, expected {2 * spatial}");
        var wanted = n.Node.Ints("output_shape");
        if (wanted is { } all && all.Count == spatial + 2) wanted = [.. all.Skip(2)];
        ImportShapes.Expect(wanted is null || wanted.Count == spatial, $"output_shape has {wanted?.Count} numbers, expected {spatial}");
        var (begin, output) = (new int[spatial], new int[spatial]);
        for (var i = 0; i < spatial; i++)
        {
            var full = (x[i + 2] - 1) * strides[i] + (int)extra[i] + (kernel[i] - 1) * dilations[i] + 1;
            if (wanted is null && autoPad is "NOTSET" or "VALID")
            {
                begin[i] = ImportShapes.Small(pads[i], "pads");
                output[i] = full - begin[i] - ImportShapes.Small(pads[i + spatial], "pads");
                continue;
            }
            output[i] = wanted is null ? x[i + 2] * strides[i] : ImportShapes.Small(wanted[i], "output_shape");
            var total = Math.Max(0, full - output[i]);
            begin[i] = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
        }
        return (begin, output);
    }
}
