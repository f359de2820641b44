using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>RotaryEmbedding of opset 23 as the nodes of its published function: pairs of numbers are turned by the angle of their position.</summary>
static class RotaryEmbeddingImport
{
    public static void Import(NodeImport n)
    {
        var body = new Composition(n);
        var x = n.Shape(0);
        ImportShapes.Expect(x.Rank is 3 or 4, $"X has shape {x}, expected [batch, length, width] or [batch, heads, length, size]");
        var heads = x.Rank == 4 ? x[1] : ImportShapes.Small(n.Node.Int("num_heads", 0), "num_heads");
        ImportShapes.Expect(heads > 0 && (x.Rank == 4 || x[2] % heads == 0), $"num_heads is {heads}, which does not divide {x}");
        var (batch, length, size) = x.Rank == 4 ? (x[0], x[2], x[3]) : (x[0], x[1], x[2] / heads);
        var input = x.Rank == 4 ? body.Transpose(n.Node.Inputs[0], 0, 2, 1, 3) : body.Reshape(n.Node.Inputs[0], batch, length, heads, size);
        var turned = ImportShapes.Small(n.Node.Int("rotary_embedding_dim", 0), "rotary_embedding_dim") is var part and > 0 ? part : size;
        ImportShapes.Expect(turned % 2 == 0 && turned <= size, $"rotary_embedding_dim is {turned}, expected an even number up to {size}");
        var (cosine, sine) = (Angles(n, body, 1, turned / 2), Angles(n, body, 2, turned / 2));

        var front = turned == size ? input : Slice(body, input, 0, turned, 1);
        var interleaved = n.Node.Int("interleaved", 0) != 0;
        var real = interleaved ? Slice(body, front, 0, turned, 2) : Slice(body, front, 0, turned / 2, 1);
        var imaginary = interleaved ? Slice(body, front, 1, turned, 2) : Slice(body, front, turned / 2, turned, 1);
        var newReal = body.Node("Sub", [body.Node("Mul", [real, cosine]), body.Node("Mul", [imaginary, sine])]);
        var newImaginary = body.Node("Add", [body.Node("Mul", [real, sine]), body.Node("Mul", [imaginary, cosine])]);
        if (interleaved)
        {
            var pairs = body.Node("Concat",
                [body.Reshape(newReal, batch, length, heads, turned / 2, 1), body.Reshape(newImaginary, batch, length, heads, turned / 2, 1)],
                Composition.Int("axis", 4));
            front = body.Reshape(pairs, batch, length, heads, turned);
        }
        else front = body.Node("Concat", [newReal, newImaginary], Composition.Int("axis", 3));
        var y = turned == size ? front : body.Node("Concat", [front, Slice(body, input, turned, size, 1)], Composition.Int("axis", 3));
        body.Give(0, x.Rank == 4 ? body.Transpose(y, 0, 2, 1, 3) : body.Reshape(y, batch, length, x[2]));
    }

    /// <summary>[batch or 1, length, 1, half]: the rows of a cache at the positions, or the cache itself where there are none.</summary>
    static string Angles(NodeImport n, Composition body, int input, int half)
    {
        var cache = n.Node.Inputs[input];
        if (n.Has(3)) cache = body.Node("Gather", [cache, n.Node.Inputs[3]], Composition.Int("axis", 0));
        var shape = body.Shape(cache);
        ImportShapes.Expect(shape.Rank == 3 && shape[2] == half, $"input {input} has shape {n.Shape(input)}, expected [..., {half}]");
        return body.Reshape(cache, shape[0], shape[1], 1, half);
    }

    static string Slice(Composition body, string value, int start, int end, int step)
        => body.Node("Slice", [value, body.Constant([start]), body.Constant([end]), body.Constant([3]), body.Constant([step])]);
}
