using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Traffic;

/// <summary>A file with a network of dense layers and ReLUs, its weights small and stored.</summary>
sealed class Mlp : IDisposable
{
    public Mlp(params int[] sizes)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + ".onnx");
        var model = new OnnxBuilder().Input("x", OnnxDataType.Float, "N", sizes[0]);
        var value = "x";
        for (var layer = 1; layer < sizes.Length; layer++)
        {
            var (inputs, outputs) = (sizes[layer - 1], sizes[layer]);
            model.Initializer($"fc{layer}.weight", Weights(inputs * outputs), outputs, inputs);
            model.Initializer($"fc{layer}.bias", new float[outputs], outputs);
            model.Node("Gemm", [value, $"fc{layer}.weight", $"fc{layer}.bias"], [$"h{layer}"], $"fc{layer}").Int("transB", 1);
            value = $"h{layer}";
            if (layer == sizes.Length - 1) break;
            model.Node("Relu", [value], [$"a{layer}"], $"relu{layer}");
            value = $"a{layer}";
        }
        model.Output(value, OnnxDataType.Float, "N", sizes[^1]);
        model.Write(Path);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);

    static float[] Weights(int count)
    {
        var weights = new float[count];
        for (var i = 0; i < count; i++) weights[i] = (i * 2654435761u >> 16) % 1000 / 20_000f - 0.025f;
        return weights;
    }
}
