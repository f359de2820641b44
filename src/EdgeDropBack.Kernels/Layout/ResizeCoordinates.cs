namespace EdgeDropBack.Kernels;

/// <summary>ONNX Resize's coordinate_transformation_mode.</summary>
public enum ResizeCoordinates
{
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,

    /// <summary>tf_half_pixel_for_nn, of opsets 11 and 12.</summary>
    HalfPixelForNearest,

    /// <summary>tf_crop_and_resize: a region of the source becomes the result, and what lies outside the source a given number.</summary>
    CropAndResize,
}
