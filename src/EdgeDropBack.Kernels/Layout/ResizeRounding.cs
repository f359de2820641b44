namespace EdgeDropBack.Kernels;

/// <summary>How Resize samples an axis: linearly, by a cubic through four elements, or the nearest element by ONNX's nearest_mode.</summary>
public enum ResizeRounding
{
    Linear,
    RoundPreferFloor,
    RoundPreferCeil,
    Floor,
    Ceil,
    Cubic,
}
