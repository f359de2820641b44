namespace EdgeDropBack.Kernels;

/// <summary>How ONNX Resize takes its samples along one axis.</summary>
public readonly record struct ResizeSampling
{
    public ResizeSampling()
    {
    }

    public required ResizeCoordinates Coordinates { get; init; }

    public required ResizeRounding Rounding { get; init; }

    /// <summary>Linear and cubic filters are stretched where the result is smaller than the source.</summary>
    public bool Antialias { get; init; }

    /// <summary>Elements beyond the source weigh nothing, instead of standing for the last one.</summary>
    public bool ExcludeOutside { get; init; }

    /// <summary>The coefficient a of the cubic filter.</summary>
    public float CubicCoefficient { get; init; } = -0.75f;

    /// <summary>Region of the source for <see cref="ResizeCoordinates.CropAndResize"/>, as shares of its length.</summary>
    public float RegionStart { get; init; }

    public float RegionEnd { get; init; } = 1f;
}
