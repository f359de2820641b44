namespace EdgeDropBack.Onnx;

/// <summary>The order of the nodes of a graph or function that are not sorted in the file.</summary>
/// <param name="Field">The field of the nodes: 1 in GraphProto, 7 in FunctionProto.</param>
/// <param name="Positions">Positions in the file, in the order to compute in.</param>
sealed record NodeSequence(int Field, int[] Positions)
{
    /// <summary>Where a node of the file stands in the order.</summary>
    public int[] Ordinals()
    {
        var ordinals = new int[Positions.Length];
        for (var i = 0; i < ordinals.Length; i++) ordinals[Positions[i]] = i;
        return ordinals;
    }
}
