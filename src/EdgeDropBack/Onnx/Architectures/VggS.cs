namespace EdgeDropBack.Onnx;

/// <summary>
/// The small VGG of Golub's thesis: thirteen 3 x 3 convolutions, each with batch norm and ReLU and no bias, in five stages that end in a
/// pooling, then two dense layers.
/// </summary>
static class VggS
{
    const float FirstDropout = 0.3f, Dropout = 0.4f, DenseDropout = 0.5f;
    const int Hidden = 512;

    static readonly int[][] s_stages = [[64, 64], [128, 128], [256, 256, 256], [512, 512, 512], [512, 512, 512]];

    public static void Write(SeededLayers layers, int classes)
    {
        for (var stage = 0; stage < s_stages.Length; stage++)
        {
            var widths = s_stages[stage];
            for (var i = 0; i < widths.Length; i++)
            {
                var name = $"{stage + 1}_{i + 1}";
                layers.Conv($"conv{name}", widths[i], 3).BatchNorm($"bn{name}").Relu($"relu{name}");
                if (i + 1 < widths.Length) layers.Dropout($"dropout{name}", stage == 0 ? FirstDropout : Dropout);
            }
            layers.Pool("MaxPool", $"pool{stage + 1}");
        }
        layers.Flatten().Dropout("dropout6", DenseDropout)
            .Dense("fc1", Hidden, bias: false).BatchNorm("bn6").Relu("relu6").Dropout("dropout7", DenseDropout)
            .Dense("fc2", classes, bias: false);
    }
}
