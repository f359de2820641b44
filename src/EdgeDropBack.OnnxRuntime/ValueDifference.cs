namespace EdgeDropBack.OnnxRuntime;

/// <summary>How far a value of ours is from ONNX Runtime's.</summary>
/// <param name="Name">The value's name in the file.</param>
/// <param name="Node">The node that writes it, such as "Conv 'conv1'".</param>
/// <param name="Shape">Ours, batch included.</param>
/// <param name="Largest">Largest magnitude of ONNX Runtime's.</param>
/// <param name="Difference">Largest distance of two elements; infinite where one of them is not finite and the other is, or the sizes differ.</param>
sealed record ValueDifference(string Name, string Node, string Shape, double Largest, double Difference)
{
    /// <summary>The difference as a part of the largest magnitude, or of 1 where that is smaller.</summary>
    public double Relative => Difference / Math.Max(1, Largest);

    internal static ValueDifference Of(string name, string node, string shape, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length) return new(name, node, shape, 0, double.PositiveInfinity);
        var (largest, difference) = (0.0, 0.0);
        for (var i = 0; i < ours.Length; i++)
        {
            if (ours[i].Equals(theirs[i])) continue;
            var distance = Math.Abs((double)ours[i] - theirs[i]);
            difference = double.IsFinite(distance) ? Math.Max(difference, distance) : double.PositiveInfinity;
        }
        foreach (var value in theirs)
            if (float.IsFinite(value)) largest = Math.Max(largest, Math.Abs(value));
        return new(name, node, shape, largest, difference);
    }
}
