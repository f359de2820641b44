using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Einsum as transposes, sums and products: operands are joined from the left, two at a time. Of two operands, labels of both that are still
/// needed count batches, labels of both that are not are summed by the matrix product, and the rest are its rows and columns.
/// </summary>
static class EinsumImport
{
    public static void Import(NodeImport n)
    {
        var body = new Composition(n);
        var (terms, result) = EinsumEquation.Parse(n.Node.String("equation", ""), [.. n.Node.Inputs.Select(name => n.Builder.Find(name).Shape.Rank)]);
        var left = Diagonal(n, body, n.Node.Inputs[0], terms[0]);
        for (var i = 1; i < terms.Count; i++)
        {
            var needed = terms.Skip(i + 1).SelectMany(term => term).Concat(result).ToHashSet();
            left = Join(body, left, Diagonal(n, body, n.Node.Inputs[i], terms[i]), needed);
        }
        left = Sum(body, left, result.Contains);
        var output = body.Transpose(left.Value, [.. result.Select(label => left.Labels.IndexOf(label))]);
        body.Give(0, output);
    }

    /// <summary>A label that one operand has twice runs along its diagonal.</summary>
    static Term Diagonal(NodeImport n, Composition body, string value, List<int> labels)
    {
        if (labels.Distinct().Count() == labels.Count) return new(value, labels);
        List<int> kept = [.. labels.Distinct()];
        var x = body.Shape(value);
        foreach (var label in kept)
            ImportShapes.Expect(labels.Select((l, d) => (l, d)).Where(p => p.l == label).Select(p => x[p.d]).Distinct().Count() == 1,
                $"the operand {x} has no diagonal where the equation wants one");
        var view = StridedView.Diagonal(x.ToArray(), [.. labels.Select(label => kept.IndexOf(label))]);
        var source = n.Builder.ToValue(n.Builder.Find(value), trainable: true);
        var diagonal = n.Intermediate($".diagonal.{value}", new StridedViewOperator("Einsum", view), new Shape(view.Shape), source);
        return new(body.Bind(Operand.Of(diagonal)), kept);
    }

    static Term Sum(Composition body, Term term, Func<int, bool> isNeeded)
    {
        var axes = Enumerable.Range(0, term.Labels.Count).Where(d => !isNeeded(term.Labels[d])).ToArray();
        if (axes.Length == 0) return term;
        var sum = body.Node("ReduceSum", [term.Value, body.Constant([.. axes.Select(axis => (long)axis)])], Composition.Int("keepdims", 0));
        return new(sum, [.. term.Labels.Where(isNeeded)]);
    }

    static Term Join(Composition body, Term a, Term b, HashSet<int> needed)
    {
        a = Sum(body, a, label => needed.Contains(label) || b.Labels.Contains(label));
        b = Sum(body, b, label => needed.Contains(label) || a.Labels.Contains(label));
        var both = a.Labels.Where(b.Labels.Contains).ToArray();
        var (batch, summed) = (both.Where(needed.Contains).ToArray(), both.Where(label => !needed.Contains(label)).ToArray());
        var (rows, columns) = (a.Labels.Except(both).ToArray(), b.Labels.Except(both).ToArray());
        (a, b) = (Widened(body, a, b, summed), Widened(body, b, a, summed));
        var left = Arranged(body, a, [.. batch, .. rows, .. summed]);
        var right = Arranged(body, b, [.. batch, .. summed, .. columns]);
        var (x, y) = (body.Shape(left), body.Shape(right));
        int m = x.Product(batch.Length, batch.Length + rows.Length), k = x.Product(batch.Length + rows.Length, x.Rank);
        var width = y.Product(batch.Length + summed.Length, y.Rank);
        var (xBatch, yBatch) = (x.Dims[..batch.Length], y.Dims[..batch.Length]);
        left = body.Reshape(left, [.. xBatch, m, k]);
        right = body.Reshape(right, [.. yBatch, k, width]);
        var product = body.Node(summed.Length == 0 ? "Mul" : "MatMul", [left, right]);
        var outer = body.Shape(product).Dims[..batch.Length];
        product = body.Reshape(product, [.. outer, .. x.Dims[batch.Length..(batch.Length + rows.Length)], .. y.Dims[(batch.Length + summed.Length)..]]);
        return new(product, [.. batch, .. rows, .. columns]);
    }

    /// <summary>A summed dimension of one against the other operand's many is repeated (the broadcast of an ellipsis).</summary>
    static Term Widened(Composition body, Term a, Term b, int[] summed)
    {
        var dims = body.Shape(a.Value).ToArray();
        for (var d = 0; d < dims.Length; d++)
        {
            if (!summed.Contains(a.Labels[d])) continue;
            var other = body.Shape(b.Value)[b.Labels.IndexOf(a.Labels[d])];
            ImportShapes.Expect(dims[d] == other || dims[d] == 1 || other == 1, $"a label stands for {dims[d]} and for {other}");
            dims[d] = Math.Max(dims[d], other);
        }
        if (dims.AsSpan().SequenceEqual(body.Shape(a.Value).Dims.AsSpan())) return a;
        return a with { Value = body.Node("Expand", [a.Value, body.Constant([.. dims.Select(dim => (long)dim)])]) };
    }

    static string Arranged(Composition body, Term term, int[] order) => body.Transpose(term.Value, [.. order.Select(label => term.Labels.IndexOf(label))]);

    readonly record struct Term(string Value, List<int> Labels);
}
