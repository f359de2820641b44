namespace EdgeDropBack.Kernels;

/// <summary>What padding holds, as the ONNX operator Pad.</summary>
public enum PadMode
{
    Constant,

    /// <summary>Mirrored at the border element, which is not repeated.</summary>
    Reflect,

    /// <summary>The border element repeated.</summary>
    Edge,

    /// <summary>The other end, as on a torus.</summary>
    Wrap,
}
