namespace EdgeDropBack.Tests.Operators;

static class MatrixCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("Gemm plain", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]))),
        new("Gemm transB", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [5, 4]), m.Weight("b", [5])).Int("transB", 1)),
        new("Gemm transA", m => m.Op("Gemm", m.Activation("x", [4, 3]), m.Weight("w", [4, 5]), m.Weight("b", [5])).Int("transA", 1)),
        new("Gemm both transposed", m => m.Op("Gemm", m.Activation("x", [4, 3]), m.Weight("w", [5, 4])).Int("transA", 1).Int("transB", 1)),
        new("Gemm alpha and beta", m =>
            m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]), m.Weight("b", [5])).Float("alpha", 0.7f).Float("beta", 1.3f)),
        new("Gemm alpha with bias", m =>
            m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [5, 4]), m.Weight("b", [5])).Float("alpha", 0.7f).Int("transB", 1)),
        new("Gemm row bias", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]), m.Weight("b", [1, 5]))),
        new("Gemm column bias", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]), m.Weight("b", [3, 1]))),
        new("Gemm matrix bias", m =>
            m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]), m.Weight("b", [3, 5])).Float("beta", 0.5f)),
        new("Gemm single bias", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]), m.Activation("b", [1]))),
        new("Gemm of activations", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Activation("w", [4, 5]), m.Activation("b", [5]))),
        new("Gemm of activations transB", m =>
            m.Op("Gemm", m.Activation("x", [3, 4]), m.Activation("w", [5, 4])).Int("transB", 1).Float("alpha", 0.5f)),
        new("Gemm weights on the left", m => m.Op("Gemm", m.Weight("w", [3, 4]), m.Activation("x", [4, 5]))),
        new("Gemm of one row", m => m.Op("Gemm", m.Activation("x", [1, 20]), m.Weight("w", [9, 20]), m.Weight("b", [9])).Int("transB", 1)),
        new("Gemm wide", m => m.Op("Gemm", m.Activation("x", [2, 33]), m.Weight("w", [33, 17]))),
        new("Gemm opset 7", m => m.Op("Gemm", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]), m.Weight("b", [5])), 7),
        new("MatMul matrix", m => m.Op("MatMul", m.Activation("x", [3, 4]), m.Weight("w", [4, 5]))),
        new("MatMul batched by matrix", m => m.Op("MatMul", m.Activation("x", [2, 3, 4]), m.Weight("w", [4, 5]))),
        new("MatMul batched by batched", m => m.Op("MatMul", m.Activation("x", [2, 3, 4]), m.Activation("w", [2, 4, 5]))),
        new("MatMul batched weights", m => m.Op("MatMul", m.Activation("x", [2, 3, 4]), m.Weight("w", [2, 4, 5]))),
        new("MatMul broadcast batch", m => m.Op("MatMul", m.Activation("x", [2, 1, 3, 4]), m.Activation("w", [3, 4, 2]))),
        new("MatMul vector right", m => m.Op("MatMul", m.Activation("x", [3, 4]), m.Weight("w", [4]))),
        new("MatMul vector left", m => m.Op("MatMul", m.Activation("x", [4]), m.Weight("w", [4, 5]))),
        new("MatMul vector left by batched", m => m.Op("MatMul", m.Activation("x", [4]), m.Activation("w", [2, 4, 5]))),
        new("MatMul of vectors", m => m.Op("MatMul", m.Activation("x", [4]), m.Weight("w", [4]))),
        new("MatMul weights on the left", m => m.Op("MatMul", m.Weight("w", [3, 4]), m.Activation("x", [2, 4, 5]))),
        new("MatMul opset 9", m => m.Op("MatMul", m.Activation("x", [3, 4]), m.Weight("w", [4, 5])), 9),
    ];
}
