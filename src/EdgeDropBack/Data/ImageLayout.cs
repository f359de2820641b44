namespace EdgeDropBack.Data;

/// <summary>The order of an image's axes in a model's input.</summary>
public enum ImageLayout
{
    /// <summary>[N, channels, height, width], as PyTorch exports.</summary>
    Nchw,

    /// <summary>[N, height, width, channels], as TensorFlow exports.</summary>
    Nhwc,
}
