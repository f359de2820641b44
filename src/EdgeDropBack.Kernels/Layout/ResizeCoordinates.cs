namespace EdgeDropBack.Kernels;

/// <summary>ONNX Resize's coordinate_transformation_mode.</summary>
public enum ResizeCoordinates
{
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,
}
