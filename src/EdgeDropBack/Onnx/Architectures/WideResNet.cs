namespace EdgeDropBack.Onnx;

/// <summary>
/// WRN-28-10 (Zagoruyko and Komodakis, BMVC 2016): three groups of four blocks, each batch norm, ReLU and a 3 x 3 convolution twice with
/// dropout between, beside a shortcut that is a 1 x 1 convolution where the shape changes.
/// </summary>
static class WideResNet
{
    const int Groups = 3, Blocks = 4, FirstWidth = 16, Widen = 10, Kernel = 3;
    const float Dropout = 0.3f;

    public static void Write(SeededLayers layers, int classes)
    {
        layers.Conv("conv", FirstWidth, Kernel);
        for (var group = 0; group < Groups; group++)
        {
            for (var block = 0; block < Blocks; block++)
                Block(layers, $"{group + 1}_{block + 1}", (FirstWidth * Widen) << group, group > 0 && block == 0 ? 2 : 1);
        }
        layers.BatchNorm("bn").Relu("relu").GlobalPool("pool").Dense("fc", classes);
    }

    static void Block(SeededLayers layers, string name, int width, int stride)
    {
        var shortcut = layers.Here;
        layers.BatchNorm($"bn{name}a").Relu($"relu{name}a");
        if (layers.Shape[0] != width)
        {
            var activated = layers.Here;
            layers.Conv($"shortcut{name}", width, 1, stride);
            shortcut = layers.Here;
            layers.GoTo(activated);
        }
        layers.Conv($"conv{name}a", width, Kernel, stride).BatchNorm($"bn{name}b").Relu($"relu{name}b").Dropout($"dropout{name}", Dropout)
            .Conv($"conv{name}b", width, Kernel).Plus($"block{name}", shortcut.Value);
    }
}
