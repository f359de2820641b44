using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>Einsum, embeddings, attention, and what else transformers are written with.</summary>
static class SequenceCases
{
    public static IEnumerable<GradientCase> All =>
    [
        Einsum("bij,bjk->bik", [2, 3, 4], [2, 4, 5]),
        Einsum("bhid,bhjd->bhij", [2, 2, 3, 4], [2, 2, 5, 4]),
        Einsum("bhij,bjhd->bihd", [2, 2, 3, 4], [2, 4, 2, 3]),
        Einsum("btc,chd->bthd", [2, 3, 4], [4, 2, 3]),
        Einsum("bihd,hdc->bic", [2, 3, 2, 4], [2, 4, 3]),
        Einsum("ij,jk", [3, 4], [4, 5]),
        Einsum("...ij,...jk->...ik", [2, 3, 4], [2, 4, 5]),
        Einsum("...ij,jk->...ik", [2, 2, 3, 4], [4, 5]),
        Einsum("...ij,...ij->...", [2, 3, 4], [1, 3, 4]),
        Einsum("i,j->ij", [3], [4]),
        Einsum("i,i->", [5], [5]),
        Einsum("bi,bi->bi", [2, 3], [2, 3]),
        Einsum("bij,bk->bk", [2, 3, 4], [2, 5]),
        Einsum("ab,bc,cd->ad", [2, 3], [3, 4], [4, 2]),
        Einsum("ij->ji", [3, 4]),
        Einsum("ij->i", [3, 4]),
        Einsum("bii->bi", [2, 3, 3]),
        Einsum("...ii->...i", [2, 3, 3]),
        Einsum("bij->bij", [2, 3, 3]),
        new("Einsum with a weight", m => m.Op("Einsum", m.Activation("x", [2, 3, 4]), m.Weight("w", [4, 5])).String("equation", "btc,cd->btd")),

        new("Gather rows of a weight", m => m.Op("Gather", m.Weight("w", [5, 3]), m.Ints("i", 4, 0, 4, 4))),
        new("Gather negative rows of a weight", m => m.Op("Gather", m.Weight("w", [5, 3]), m.Ints("i", -1, 2, -5))),
        new("Gather one row of a weight", m => m.Op("Gather", m.Weight("w", [5, 3]), m.IntScalar("i", 3))),
        new("Gather from a vector of weights", m => m.Op("Gather", m.Weight("w", [7]), m.Ints("i", 3, 3, 6))),
        new("Gather planes of a weight", m => m.Op("Gather", m.Weight("w", [4, 2, 3]), m.Ints("i", 3, 1))),
        new("Gather rows behind an axis of one", m => m.Op("Gather", m.Weight("w", [1, 5, 3]), m.Ints("i", 4, 0, 4)).Int("axis", 1)),
        new("Gather columns of a weight", m => m.Op("Gather", m.Weight("w", [3, 5]), m.Ints("i", 4, 0, 4)).Int("axis", 1)),
        new("an embedding that is an output layer too", m =>
        {
            m.Weight("w", [5, 4], -1f, 1f);
            m.Node("Gather", ["w", m.Ints("i", 2, 0, 2)], "e");
            m.Node("Transpose", ["w"], "wt").Ints("perm", 1, 0);
            m.Op("MatMul", "e", "wt");
        }),

        Attention("Attention", m => [m.Activation("q", [2, 2, 3, 4]), m.Activation("k", [2, 2, 5, 4]), m.Activation("v", [2, 2, 5, 3])]),
        Attention("Attention causal", m => [m.Activation("q", [1, 2, 3, 4]), m.Activation("k", [1, 2, 3, 4]), m.Activation("v", [1, 2, 3, 4])],
            node => node.Int("is_causal", 1)),
        Attention("Attention flat, shared heads", m => [m.Activation("q", [2, 3, 8]), m.Activation("k", [2, 4, 4]), m.Activation("v", [2, 4, 6])],
            node => node.Int("q_num_heads", 4).Int("kv_num_heads", 2)),
        Attention("Attention scale and softcap", m => [m.Activation("q", [1, 2, 3, 4]), m.Activation("k", [1, 2, 5, 4]), m.Activation("v", [1, 2, 5, 3])],
            node => node.Float("scale", 0.3f).Float("softcap", 1.5f)),
        Attention("Attention mask of numbers", m =>
            [m.Activation("q", [1, 2, 3, 4]), m.Activation("k", [1, 2, 5, 4]), m.Activation("v", [1, 2, 5, 3]), m.Activation("mask", [3, 5])]),
        Attention("Attention mask of truth values", m =>
        {
            m.Node("Greater", [m.Weight("t", [3, 5]), m.Scalar("zero", -1f)], "mask");
            return [m.Activation("q", [1, 2, 3, 4]), m.Activation("k", [1, 2, 5, 4]), m.Activation("v", [1, 2, 5, 3]), "mask"];
        }),
        Attention("Attention past", m =>
        [
            m.Activation("q", [1, 2, 2, 4]), m.Activation("k", [1, 2, 2, 4]), m.Activation("v", [1, 2, 2, 3]), "",
            m.Activation("pk", [1, 2, 3, 4]), m.Activation("pv", [1, 2, 3, 3]),
        ], node => node.Int("is_causal", 1)),

        Rotary("RotaryEmbedding", [2, 2, 3, 4], [2, 3, 2], null),
        Rotary("RotaryEmbedding interleaved", [2, 2, 3, 4], [2, 3, 2], null, node => node.Int("interleaved", 1)),
        Rotary("RotaryEmbedding part, flat", [2, 3, 12], [6, 1], [0, 1, 2, 5, 4, 3], node => node.Int("num_heads", 3).Int("rotary_embedding_dim", 2)),

        new("CumSum", m => m.Op("CumSum", m.Activation("x", [2, 3, 4]), m.IntScalar("axis", 1))),
        new("CumSum exclusive, reverse", m =>
            m.Op("CumSum", m.Activation("x", [2, 4]), m.IntScalar("axis", -1)).Int("exclusive", 1).Int("reverse", 1)),
        new("CumSum of a vector", m => m.Op("CumSum", m.Activation("x", [5]), m.IntScalar("axis", 0))),
        new("Trilu upper", m => m.Op("Trilu", m.Activation("x", [2, 3, 4]))),
        new("Trilu lower from a diagonal", m => m.Op("Trilu", m.Activation("x", [3, 4]), m.IntScalar("k", 1)).Int("upper", 0)),
        new("OneHot picks", m =>
        {
            m.Node("OneHot", [m.Ints("i", 2, -1, 0), m.IntScalar("depth", 4), m.Ints("values", 0, 1)], "hot");
            m.Node("Cast", ["hot"], "f").Int("to", 1);
            m.Op("MatMul", "f", m.Weight("w", [4, 3]));
        }),
        new("MeanVarianceNormalization", m => m.Op("MeanVarianceNormalization", m.Activation("x", [2, 2, 3, 2]))),
        new("MeanVarianceNormalization over an axis", m => m.Op("MeanVarianceNormalization", m.Activation("x", [2, 3, 4])).Ints("axes", 2)),

        new("If a constant holds", m =>
        {
            var taken = new OnnxBuilder("then");
            taken.Node("Tanh", ["x"], ["then"]);
            taken.Output("then", OnnxDataType.Float);
            var other = new OnnxBuilder("else");
            other.Node("Exp", ["x"], ["else"]);
            other.Output("else", OnnxDataType.Float);
            m.Activation("x", [2, 3]);
            m.Node("Shape", ["x"], "s");
            m.Node("Size", ["s"], "rank");
            m.Node("Equal", ["rank", m.IntScalar("two", 2)], "is");
            m.Op("If", "is").Graph("then_branch", taken).Graph("else_branch", other);
        }),
    ];

    static GradientCase Einsum(string equation, params long[][] shapes) => new($"Einsum {equation}", m =>
        m.Op("Einsum", [.. shapes.Select((shape, i) => m.Activation($"x{i}", shape))]).String("equation", equation));

    static GradientCase Attention(string name, Func<CaseModel, string[]> inputs, Func<OnnxNodeBuilder, OnnxNodeBuilder>? attributes = null)
        => new(name, m => (attributes ?? (node => node))(m.Op("Attention", inputs(m))), 23);

    static GradientCase Rotary(string name, long[] x, long[] angles, long[]? positions, Func<OnnxNodeBuilder, OnnxNodeBuilder>? attributes = null)
        => new(name, m =>
        {
            List<string> inputs = [m.Activation("x", x), m.Activation("cos", angles), m.Activation("sin", angles)];
            if (positions is not null)
            {
                m.Ints("flat", positions);
                m.Node("Reshape", ["flat", m.Ints("shape", 2, 3)], "positions");
                inputs.Add("positions");
            }
            (attributes ?? (node => node))(m.Op("RotaryEmbedding", [.. inputs]));
        }, 23);
}
