namespace EdgeDropBack.Kernels;

/// <summary>Plan of resizing one axis: result index i is source Low[i] + Weight[i] (source High[i] - source Low[i]).</summary>
public sealed class ResizeAxis
{
    /// <summary>scale is ONNX's own when the model gives one, else outSize / inSize.</summary>
    public ResizeAxis(int inSize, int outSize, float scale, ResizeCoordinates coordinates, ResizeRounding rounding)
    {
        (InSize, Low, High, Weight) = (inSize, new int[outSize], new int[outSize], new float[outSize]);
        for (int i = 0; i < outSize; i++)
        {
            float at = Position(i, inSize, outSize, scale, coordinates);
            float low = Nearest(at, rounding);
            bool linear = rounding == ResizeRounding.Linear;
            Low[i] = Math.Clamp((int)low, 0, inSize - 1);
            High[i] = linear ? Math.Clamp((int)low + 1, 0, inSize - 1) : Low[i];
            Weight[i] = linear && Low[i] != High[i] ? at - low : 0f;
        }
    }

    public int InSize { get; }

    public int OutSize => Low.Length;

    internal int[] Low { get; }

    internal int[] High { get; }

    internal float[] Weight { get; }

    /// <summary>Place in the source of result index i; not for <see cref="ResizeCoordinates.CropAndResize"/>, which takes a region too.</summary>
    internal static float Position(int i, int inSize, int outSize, float scale, ResizeCoordinates coordinates) => coordinates switch
    {
        ResizeCoordinates.HalfPixel => ((i + 0.5f) / scale) - 0.5f,
        ResizeCoordinates.HalfPixelSymmetric => Symmetric(i, inSize, outSize, scale),
        ResizeCoordinates.PytorchHalfPixel => outSize > 1 ? ((i + 0.5f) / scale) - 0.5f : 0f,
        ResizeCoordinates.AlignCorners => outSize == 1 ? 0f : (float)i * (inSize - 1) / (outSize - 1),
        ResizeCoordinates.Asymmetric => i / scale,
        ResizeCoordinates.HalfPixelForNearest => (i + 0.5f) / scale,
        _ => throw new ArgumentException($"unknown coordinates {(int)coordinates}"),
    };

    internal static float Nearest(float at, ResizeRounding rounding) => rounding switch
    {
        ResizeRounding.Linear or ResizeRounding.Floor => MathF.Floor(at),
        ResizeRounding.RoundPreferFloor => MathF.Ceiling(at - 0.5f),
        ResizeRounding.RoundPreferCeil => MathF.Floor(at + 0.5f),
        ResizeRounding.Ceil => MathF.Ceiling(at),
        _ => throw new ArgumentException($"unknown rounding {(int)rounding}"),
    };

    static float Symmetric(int i, int inSize, int outSize, float scale)
    {
        float adjustment = outSize / (scale * inSize);
        float centre = inSize / 2f;
        return (centre * (1f - adjustment)) + ((i + 0.5f) / scale) - 0.5f;
    }
}
