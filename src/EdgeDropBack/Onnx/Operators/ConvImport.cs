using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Conv in one or two dimensions, all pad forms, strides, dilations, groups.</summary>
static class ConvImport
{
    public static void Import(NodeImport n)
    {
        var (x, w) = (n.Shape(0), n.Shape(1));
        ImportShapes.Expect(x.Rank is 3 or 4, $"x has shape {x}; convolutions over one and two dimensions are supported, that is [batch, channels, (height,) width]");
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
        var flat = spatial == 1;
        var shape = new ConvShape
        {
            Batch = x[0],
            InChannels = x[1],
            OutChannels = w[0],
            Groups = groups,
            InHeight = flat ? 1 : x[2],
            InWidth = x[^1],
            KernelHeight = flat ? 1 : kernel[0],
            KernelWidth = kernel[^1],
            StrideHeight = flat ? 1 : strides[0],
            StrideWidth = strides[^1],
            PadTop = flat ? 0 : begin[0],
            PadLeft = begin[^1],
            PadBottom = flat ? 0 : end[0],
            PadRight = end[^1],
            DilationHeight = flat ? 1 : dilations[0],
            DilationWidth = dilations[^1],
        };
        var bias = n.Has(2) ? n.Value(2) : null;
        ImportShapes.Expect(bias is null || bias.Shape.Count == w[0], $"bias has shape {bias?.Shape}, expected [{w[0]}]");
        var y = flat ? new Shape(x[0], w[0], shape.OutWidth) : new Shape(x[0], w[0], shape.OutHeight, shape.OutWidth);
        n.Emit(new ConvOperator(shape), y, n.Value(0), n.Value(1), bias);
    }
}
