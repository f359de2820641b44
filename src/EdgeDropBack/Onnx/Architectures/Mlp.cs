namespace EdgeDropBack.Onnx;

/// <summary>A multi-layer perceptron: dense layers with biases, ReLU between them.</summary>
static class Mlp
{
    /// <param name="hidden">Widths of the hidden layers.</param>
    public static void Write(SeededLayers layers, ReadOnlySpan<int> hidden, int classes)
    {
        layers.Flatten();
        for (var i = 0; i < hidden.Length; i++) layers.Dense($"fc{i + 1}", hidden[i]).Relu($"relu{i + 1}");
        layers.Dense($"fc{hidden.Length + 1}", classes);
    }
}
