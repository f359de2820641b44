namespace EdgeDropBack.Onnx;

/// <summary>
/// The DenseNet of Golub's thesis (after Huang, Liu, van der Maaten and Weinberger, CVPR 2017): three blocks of 32 layers without
/// bottlenecks, each layer batch norm, ReLU and a 3 x 3 convolution whose 24 channels join those before it; between blocks a 1 x 1
/// convolution and average pooling. Convolutions have biases.
/// </summary>
static class DenseNet
{
    const int Blocks = 3, LayersOfBlock = 32, FirstWidth = 16, Growth = 24;
    const float Dropout = 0.2f;

    public static void Write(SeededLayers layers, int classes)
    {
        layers.Conv("conv", FirstWidth, 3, bias: true);
        for (var block = 1; block <= Blocks; block++)
        {
            for (var i = 1; i <= LayersOfBlock; i++)
            {
                var name = $"{block}_{i}";
                var earlier = layers.Here;
                layers.BatchNorm($"bn{name}").Relu($"relu{name}").Conv($"conv{name}", Growth, 3, bias: true).Dropout($"dropout{name}", Dropout)
                    .Behind($"dense{name}", earlier);
            }
            if (block == Blocks) break;
            layers.BatchNorm($"bn{block}").Relu($"relu{block}").Conv($"conv{block}", layers.Shape[0], 1, bias: true)
                .Dropout($"dropout{block}", Dropout).Pool("AveragePool", $"pool{block}");
        }
        layers.BatchNorm("bn").Relu("relu").GlobalPool("pool").Dense("fc", classes);
    }
}
