using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Pooling over one, two or three dimensions; the third is pooled after the other two, which gives the same.</summary>
static class PoolImports
{
    public static void MaxPool(NodeImport n)
    {
        var (plane, depth) = Window(n);
        var x = n.AnyValue(0);
        Emit(n, plane, depth, shape => new MaxPoolOperator("MaxPool", shape), x);
        if (!n.Gives(1)) return;
        ImportShapes.Expect(depth is null, "Indices of pooling over three dimensions are not supported; export the model without them");
        var indices = new MaxPoolIndicesOperator(plane, n.Node.Int("storage_order", 0) != 0);
        n.Bind(1, Operand.Of(n.Intermediate(".indices", indices, Output(n, plane, depth), x), OnnxDataType.Int64));
    }

    public static void AveragePool(NodeImport n)
    {
        var (plane, depth) = Window(n);
        var countsPads = n.Node.Int("count_include_pad", 0) != 0;
        Emit(n, plane, depth, shape => new AveragePoolOperator("AveragePool", shape with { CountIncludePad = countsPads }), n.Value(0));
    }

    public static void LpPool(NodeImport n)
    {
        var (plane, depth) = Window(n);
        Emit(n, plane, depth, shape => new LpPoolOperator("LpPool", Power(n), shape), n.Value(0));
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

    /// <summary>The window over height and width, and the one over the depth of what that gives; null where x has none.</summary>
    static (PoolShape Plane, PoolShape? Depth) Window(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank is >= 3 and <= 5, $"x has shape {x}; pooling over one, two and three dimensions is supported");
        var spatial = x.Rank - 2;
        ImportShapes.Expect(n.Node.Has("kernel_shape"), "attribute kernel_shape is missing");
        var kernel = ImportShapes.PerDimension(n.Node, "kernel_shape", spatial);
        var strides = ImportShapes.PerDimension(n.Node, "strides", spatial);
        var dilations = ImportShapes.PerDimension(n.Node, "dilations", spatial);
        var (begin, end) = ImportShapes.Pads(n.Node, x.ToArray()[2..], kernel, strides, dilations);
        ImportShapes.ExpectFits(x, kernel, dilations, begin, end);
        var ceil = n.Node.Int("ceil_mode", 0) != 0;
        PoolShape Height(PoolShape shape, int i) => shape with
        {
            KernelHeight = kernel[i],
            StrideHeight = strides[i],
            DilationHeight = dilations[i],
            PadTop = begin[i],
            PadBottom = end[i],
            CeilMode = ceil,
        };
        var columns = Plane(x[0], spatial == 3 ? Channels(x[1], x[2]) : x[1], spatial == 1 ? 1 : x[^2], x[^1]) with
        {
            KernelWidth = kernel[^1],
            StrideWidth = strides[^1],
            DilationWidth = dilations[^1],
            PadLeft = begin[^1],
            PadRight = end[^1],
            CeilMode = ceil,
        };
        var plane = spatial == 1 ? columns : Height(columns, spatial - 2);
        return (plane, spatial < 3 ? null : Height(Plane(x[0], x[1], x[2], plane.OutPlane), 0));
    }

    static int Channels(int channels, int depth) => new Shape(channels, depth).Count;

    static void Emit(NodeImport n, PoolShape plane, PoolShape? depth, Func<PoolShape, Operator> create, Value x)
    {
        if (depth is not { } over)
        {
            n.Emit(n.Type(0), create(plane), Output(n, plane, null), x);
            return;
        }
        var planes = n.Intermediate(".plane", create(plane), new Shape(x.Shape[0], x.Shape[1], x.Shape[2], plane.OutHeight, plane.OutWidth), x);
        n.Emit(n.Type(0), create(over), Output(n, plane, over), planes);
    }

    static Shape Output(NodeImport n, PoolShape plane, PoolShape? depth)
    {
        var (batch, channels) = (n.Shape(0)[0], n.Shape(0)[1]);
        return depth is { } over ? new Shape(batch, channels, over.OutHeight, plane.OutHeight, plane.OutWidth)
            : n.Shape(0).Rank == 3 ? new Shape(batch, channels, plane.OutWidth)
            : new Shape(batch, channels, plane.OutHeight, plane.OutWidth);
    }
}
