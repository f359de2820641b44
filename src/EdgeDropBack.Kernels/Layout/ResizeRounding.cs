namespace EdgeDropBack.Kernels;

/// <summary>How Resize samples an axis: linearly, or the nearest element by ONNX's nearest_mode.</summary>
public enum ResizeRounding
{
    Linear,
    RoundPreferFloor,
    RoundPreferCeil,
    Floor,
    Ceil,
}
