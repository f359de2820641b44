using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>Normalizations whose statistics are computed from the sample itself.</summary>
static class NormalizationImports
{
    public static void LayerNormalization(NodeImport n)
    {
        var (x, axis, rows, length, row) = Rows(n);
        var epsilon = n.Node.Float("epsilon", 1e-5f);
        var shift = n.Has(2) ? n.Expanded(n.Value(2), row, 2) : null;
        n.Emit(new RowNormalizationOperator(true, epsilon, rows, length), x, n.Value(0), n.Expanded(n.Value(1), row, 1), shift);
        var statistics = new Shape([.. x.Dims.Select((dim, i) => i < axis ? dim : 1)]);
        for (var output = 1; output <= 2; output++)
        {
            if (!n.Gives(output)) continue;
            var statistic = new RowStatisticsOperator(output == 2, epsilon, length);
            n.Bind(output, Operand.Of(n.Intermediate($".statistic{output}", statistic, statistics, n.Value(0))));
        }
    }

    public static void RmsNormalization(NodeImport n)
    {
        var (x, _, rows, length, row) = Rows(n);
        var operation = new RowNormalizationOperator(false, n.Node.Float("epsilon", 1e-5f), rows, length);
        n.Emit(operation, x, n.Value(0), n.Expanded(n.Value(1), row, 1));
    }

    public static void InstanceNormalization(NodeImport n)
    {
        var x = Channels(n);
        n.Emit(new GroupNormalizationOperator("InstanceNormalization", n.Node.Float("epsilon", 1e-5f), x[1]), x,
            n.Value(0), PerChannel(n, 1, x[1]), PerChannel(n, 2, x[1]));
    }

    /// <summary>Scale and shift are per group in opset 18 and per channel from 21 on.</summary>
    public static void GroupNormalization(NodeImport n)
    {
        var x = Channels(n);
        var groups = ImportShapes.Small(n.Node.Int("num_groups", 0), "num_groups");
        ImportShapes.Expect(groups >= 1 && x[1] % groups == 0, $"{x[1]} channels do not form {groups} groups");
        n.Emit(new GroupNormalizationOperator("GroupNormalization", n.Node.Float("epsilon", 1e-5f), groups), x,
            n.Value(0), PerGroupOrChannel(n, 1, groups, x[1]), PerGroupOrChannel(n, 2, groups, x[1]));
    }

    public static void Lrn(NodeImport n)
    {
        var x = Channels(n);
        var size = ImportShapes.Small(n.Node.Int("size", 0), "size");
        ImportShapes.Expect(size >= 1, $"size is {size}, expected 1 or more");
        var (alpha, beta, bias) = (n.Node.Float("alpha", 1e-4f), n.Node.Float("beta", 0.75f), n.Node.Float("bias", 1f));
        n.Emit(new LocalResponseNormalizationOperator(size, alpha, beta, bias), x, n.Value(0));
    }

    static (Shape X, int Axis, int Rows, int Length, Shape Row) Rows(NodeImport n)
    {
        var x = n.Shape(0);
        var axis = x.Axis(n.Node.Int("axis", -1));
        var row = new Shape([.. x.Dims[axis..]]);
        for (var i = 1; i < n.InputCount; i++)
            ImportShapes.Expect(!n.Has(i) || ImportShapes.Broadcast(row, n.Shape(i)).Equals(row), $"input {i} does not fit the normalized {row}");
        return (x, axis, x.Product(0, axis), row.Count, row);
    }

    static Shape Channels(NodeImport n)
    {
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank >= 2, $"x has shape {x}, expected [batch, channels, ...]");
        return x;
    }

    static Value PerChannel(NodeImport n, int input, int channels)
    {
        ImportShapes.Expect(n.Shape(input).Count == channels, $"input {input} has shape {n.Shape(input)}, expected [{channels}]");
        return n.Value(input);
    }

    static Value PerGroupOrChannel(NodeImport n, int input, int groups, int channels)
    {
        if (n.Opset >= 21 || groups == channels) return PerChannel(n, input, channels);
        ImportShapes.Expect(n.Shape(input).Count == groups, $"input {input} has shape {n.Shape(input)}, expected [{groups}]");
        var repeated = StridedView.Expand([groups, 1], [groups, channels / groups]);
        return n.Intermediate($".channels{input}", new StridedViewOperator("Expand", repeated), new Shape(channels), n.Value(input));
    }
}
