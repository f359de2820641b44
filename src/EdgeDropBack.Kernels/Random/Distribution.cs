namespace EdgeDropBack.Kernels;

/// <summary>Shape of a regenerated base.</summary>
public enum Distribution
{
    /// <summary>Near normal: the centred sum of the hash's four bytes (Irwin-Hall); the scale is the standard deviation.</summary>
    Normal,

    /// <summary>Uniform in (-scale, scale), symmetric, from the hash's upper 24 bits.</summary>
    Uniform,

    /// <summary>Every value is the scale: the initial scales of batch norm.</summary>
    Constant,
}
