using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Pooling over one or two dimensions.</summary>
static class PoolImports
{
    public static void MaxPool(NodeImport n)
    {
        var shape = Window(n);
        var x = n.AnyValue(0);
        n.Emit(n.Type(0), new MaxPoolOperator("MaxPool", shape), Output(n, shape), x);
        if (!n.Gives(1)) return;
        var indices = new MaxPoolIndicesOperator(shape, n.Node.Int("storage_order", 0) != 0);
        n.Bind(1, Operand.Of(n.Intermediate(".indices", indices, Output(n, shape), x), OnnxDataType.Int64));
    }

    public static void AveragePool(NodeImport n)
    {
        var shape = Window(n) with { CountIncludePad = n.Node.Int("count_include_pad", 0) != 0 };
        n.Emit(new AveragePoolOperator("AveragePool", shape), Output(n, shape), n.Value(0));
    }

    public static void LpPool(NodeImport n)
    {
        var shape = Window(n);
        n.Emit(new LpPoolOperator("LpPool", Power(n), shape), Output(n, shape), n.Value(0));
    }

    public static void GlobalAveragePool(NodeImport n) => Global(n, shape => new AveragePoolOperator("GlobalAveragePool", shape));

    public static void GlobalMaxPool(NodeImport n) => Global(n, shape => new MaxPoolOperator("GlobalMaxPool", shape));

    public static void GlobalLpPool(NodeImport n) => Global(n, shape => new LpPoolOperator("GlobalLpPool", Power(n), shape));

    static void Global(NodeImport n, Func<PoolShape, Operator> create)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank >= 3, $"x has shape {x}, expected [batch, channels, ...]");
        var space = x.Product(2, x.Rank);
        var shape = Plane(x[0], x[1], 1, space) with { KernelWidth = space };
        n.Emit(create(shape), new Shape([x[0], x[1], .. Enumerable.Repeat(1, x.Rank - 2)]), n.Value(0));
    }

    static int Power(NodeImport n)
    {
        var p = ImportShapes.Small(n.Node.Int("p", 2), "p");
        ImportShapes.Expect(p is >= 1 and <= 64, $"p is {p}, expected 1 to 64");
        return p;
    }

    static PoolShape Plane(int batch, int channels, int height, int width) => new()
    {
        Batch = batch,
        Channels = channels,
        InHeight = height,
        InWidth = width,
        KernelHeight = 1,
        KernelWidth = 1,
        StrideHeight = 1,
        StrideWidth = 1,
        DilationHeight = 1,
        DilationWidth = 1,
    };

    static PoolShape Window(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank is 3 or 4, $"x has shape {x}; pooling over one and two dimensions is supported");
        var spatial = x.Rank - 2;
        ImportShapes.Expect(n.Node.Has("kernel_shape"), "attribute kernel_shape is missing");
        var kernel = ImportShapes.PerDimension(n.Node, "kernel_shape", spatial);
        var strides = ImportShapes.PerDimension(n.Node, "strides", spatial);
        var dilations = ImportShapes.PerDimension(n.Node, "dilations", spatial);
        var (begin, end) = ImportShapes.Pads(n.Node, x.ToArray()[2..], kernel, strides, dilations);
        ImportShapes.ExpectFits(x, kernel, dilations, begin, end);
        var flat = spatial == 1;
        return Plane(x[0], x[1], flat ? 1 : x[2], x[x.Rank - 1]) with
        {
            KernelHeight = flat ? 1 : kernel[0],
            KernelWidth = kernel[^1],
            StrideHeight = flat ? 1 : strides[0],
            StrideWidth = strides[^1],
            DilationHeight = flat ? 1 : dilations[0],
            DilationWidth = dilations[^1],
            PadTop = flat ? 0 : begin[0],
            PadLeft = begin[^1],
            PadBottom = flat ? 0 : end[0],
            PadRight = end[^1],
            CeilMode = n.Node.Int("ceil_mode", 0) != 0,
        };
    }

    static Shape Output(NodeImport n, PoolShape shape) => n.Shape(0).Rank == 3
        ? new Shape(shape.Batch, shape.Channels, shape.OutWidth)
        : new Shape(shape.Batch, shape.Channels, shape.OutHeight, shape.OutWidth);
}
