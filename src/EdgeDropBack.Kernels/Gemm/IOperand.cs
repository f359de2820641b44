namespace EdgeDropBack.Kernels;

/// <summary>One side of a product. Lanes are rows of the left side or columns of the right side; depth is k.</summary>
unsafe interface IOperand
{
    /// <summary>
    /// Writes panels of <paramref name="width"/> lanes, <paramref name="panelStride"/> floats apart, each [depth, width]; lanes beyond
    /// <paramref name="lanes"/> are zero.
    /// </summary>
    /// <param name="group">Which of several independent products.</param>
    /// <param name="depth">At most <see cref="GemmTuning.BlockDepth"/>.</param>
    /// <param name="staging">At least <see cref="Packing.StagingFloats"/>.</param>
    void Pack(int group, int lane, int lanes, int depthStart, int depth, int width, nint panelStride, float* destination, float* staging);

    /// <summary>
    /// Where the depths of a lane lie side by side in memory from <paramref name="depthStart"/> on, <paramref name="laneStride"/> floats from
    /// those of the next lane; null where they do not.
    /// </summary>
    float* Rows(int group, int lane, int depthStart, out nint laneStride);
}
