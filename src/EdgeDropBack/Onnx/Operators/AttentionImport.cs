using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Attention of opset 23 and 24 as the nodes of its published function: softmax(scale Q K' (capped) + mask) V, by heads that queries may
/// have more of than keys.
/// </summary>
static class AttentionImport
{
    const int Mask = 3, PastKey = 4, PastValue = 5, ValidLengths = 6;

    public static void Import(NodeImport n)
    {
        var body = new Composition(n);
        ImportShapes.Expect(!n.Has(ValidLengths), "nonpad_kv_seqlen (a cache that is filled from outside) is not supported; give the mask as attn_mask");
        ImportShapes.Expect(n.Has(PastKey) == n.Has(PastValue), "there is only one of past_key and past_value");
        for (var input = 0; input < Mask; input++)
            ImportShapes.Expect(n.Shape(input).Rank is 3 or 4, $"input {input} has shape {n.Shape(input)}, expected 3 or 4 dimensions");
        for (var input = 1; input < Mask; input++)
            ImportShapes.Expect(n.Shape(input).Rank == n.Shape(0).Rank, $"input {input} has shape {n.Shape(input)}, expected as many dimensions as {n.Shape(0)}");
        var flat = n.Shape(0).Rank == 3;
        var (queries, groups) = (flat ? Heads(n, "q_num_heads") : n.Shape(0)[1], flat ? Heads(n, "kv_num_heads") : n.Shape(1)[1]);
        var (q, k, v) = (ByHead(body, n, 0, queries), ByHead(body, n, 1, groups), ByHead(body, n, 2, groups));
        var past = n.Has(PastKey) ? n.Shape(PastKey)[2] : 0;
        if (n.Has(PastKey)) k = body.Node("Concat", [n.Node.Inputs[PastKey], k], Composition.Int("axis", 2));
        if (n.Has(PastValue)) v = body.Node("Concat", [n.Node.Inputs[PastValue], v], Composition.Int("axis", 2));
        body.Give(1, k);
        body.Give(2, v);
        ImportShapes.Expect(groups > 0 && queries % groups == 0, $"{queries} heads of queries do not share {groups} heads of keys evenly");
        (k, v) = (Repeated(body, k, queries / groups), Repeated(body, v, queries / groups));

        var scale = n.Node.Has("scale") ? n.Node.Float("scale", 0f) : 1f / MathF.Sqrt(body.Shape(q)[3]);
        var scores = body.Node("MatMul", [q, body.Transpose(k, 0, 1, 3, 2)]);
        scores = body.Node("Mul", [scores, body.Constant(scale)]);
        var raw = scores;
        if (n.Node.Float("softcap", 0f) is var cap and > 0f)
        {
            var capped = body.Node("Tanh", [body.Node("Div", [scores, body.Constant(cap)])]);
            scores = body.Node("Mul", [capped, body.Constant(cap)]);
        }
        var softcapped = scores;
        if (n.Has(Mask)) scores = Masked(body, n, scores);
        if (n.Node.Int("is_causal", 0) != 0) scores = Causal(body, scores, past);
        var weights = body.Node("Softmax", [scores], Composition.Int("axis", -1));
        if (n.Gives(3)) Scores(n, body, raw, softcapped, scores, weights);
        var y = body.Node("MatMul", [weights, v]);
        if (flat)
        {
            y = body.Transpose(y, 0, 2, 1, 3);
            var shape = body.Shape(y);
            y = body.Reshape(y, shape[0], shape[1], shape[2] * shape[3]);
        }
        body.Give(0, y);
    }

    static int Heads(NodeImport n, string attribute)
    {
        var heads = ImportShapes.Small(n.Node.Int(attribute, 0), attribute);
        ImportShapes.Expect(heads > 0, $"{attribute} is missing, which tells the heads of inputs of three dimensions");
        return heads;
    }

    /// <summary>[batch, heads, length, size].</summary>
    static string ByHead(Composition body, NodeImport n, int input, int heads)
    {
        var x = n.Shape(input);
        if (x.Rank == 4) return n.Node.Inputs[input];
        ImportShapes.Expect(x.Rank == 3 && x[2] % heads == 0, $"input {input} has shape {x}, expected [batch, length, a multiple of {heads}]");
        return body.Transpose(body.Reshape(n.Node.Inputs[input], x[0], x[1], heads, x[2] / heads), 0, 2, 1, 3);
    }

    /// <summary>Every head as many times as queries share it, one after the other.</summary>
    static string Repeated(Composition body, string value, int times)
    {
        if (times == 1) return value;
        var x = body.Shape(value);
        var wide = body.Node("Expand", [body.Reshape(value, x[0], x[1], 1, x[2], x[3]), body.Constant(x[0], x[1], times, x[2], x[3])]);
        return body.Reshape(wide, x[0], x[1] * times, x[2], x[3]);
    }

    /// <summary>A mask of truth values keeps a score or makes it minus infinity; one of numbers is added. Keys beyond it take no part.</summary>
    static string Masked(Composition body, NodeImport n, string scores)
    {
        var (mask, keys) = (n.Node.Inputs[Mask], body.Shape(scores)[3]);
        var (shape, isTruth) = (n.Shape(Mask), n.Type(Mask) == OnnxDataType.Bool);
        if (isTruth) mask = body.Node("Where", [mask, body.Constant(0f), body.Constant(float.NegativeInfinity)]);
        if (shape.Rank > 0 && shape[shape.Rank - 1] < keys && shape[shape.Rank - 1] > 1)
        {
            long[] pads = [.. Enumerable.Repeat(0L, 2 * shape.Rank - 1), keys - shape[shape.Rank - 1]];
            mask = body.Node("Pad", [mask, body.Constant(pads), body.Constant(float.NegativeInfinity)]);
        }
        return body.Node("Add", [scores, mask]);
    }

    /// <summary>A query sees the keys of the past and, of the present ones, those up to its own place.</summary>
    static string Causal(Composition body, string scores, int past)
    {
        var (queries, keys) = (body.Shape(scores)[2], body.Shape(scores)[3]);
        var values = new double[queries * keys];
        for (var i = 0; i < queries; i++)
            for (var j = past + i + 1; j < keys; j++) values[i * keys + j] = double.NegativeInfinity;
        return body.Node("Add", [scores, body.Constant(new ConstantTensor(OnnxDataType.Float, new Shape(queries, keys), values))]);
    }

    static void Scores(NodeImport n, Composition body, string raw, string softcapped, string masked, string weights)
    {
        var mode = n.Node.Int("qk_matmul_output_mode", 0);
        ImportShapes.Expect(mode is >= 0 and <= 3, $"qk_matmul_output_mode is {mode}, expected 0 to 3");
        body.Give(3, mode switch { 0 => raw, 1 => softcapped, 2 => masked, _ => weights });
    }
}
