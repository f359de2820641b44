namespace EdgeDropBack.Data;

/// <summary>Fits an array's sample shape to a model's.</summary>
static class SampleShapes
{
    internal enum Fit
    {
        None,

        /// <summary>The elements are in the model's order.</summary>
        Direct,

        /// <summary>An image in the other layout.</summary>
        OtherLayout,
    }

    /// <summary>
    /// Direct: equal, equal but for axes of extent 1, or either is flat with the same count. OtherLayout: an image whose channel axis is at
    /// the
    /// other end.
    /// </summary>
    /// <param name="array">Sample shape of the data.</param>
    /// <param name="model">Sample shape of the model; -1 is open.</param>
    /// <param name="layout">The model's.</param>
    /// <param name="resolved">The sample shape the model will see.</param>
    internal static Fit Match(ReadOnlySpan<int> array, int[] model, ImageLayout layout, out int[] resolved)
    {
        resolved = array.ToArray();
        if (Equal(array, model))
            return Fit.Direct;
        if (array.Length == 3 && model.Length == 3)
        {
            int[] moved = layout == ImageLayout.Nchw ? [array[2], array[0], array[1]] : [array[1], array[2], array[0]];
            if (Equal(moved, model) && moved[layout == ImageLayout.Nchw ? 0 : 2] is 1 or 3 or 4)
            {
                resolved = moved;
                return Fit.OtherLayout;
            }
        }
        if (Array.Exists(model, extent => extent < 0))
            return Fit.None;
        resolved = model;
        if (Length(array) != Length(model))
            return Fit.None;
        var sameOrder = array.Length == 1 || model.Length == 1 || Significant(array).AsSpan().SequenceEqual(Significant(model));
        return sameOrder ? Fit.Direct : Fit.None;
    }

    internal static long Length(ReadOnlySpan<int> shape)
    {
        var length = 1L;
        foreach (var extent in shape)
            length *= extent;
        return length;
    }

    static bool Equal(ReadOnlySpan<int> array, int[] model)
    {
        if (array.Length != model.Length)
            return false;
        for (var i = 0; i < model.Length; i++)
            if (model[i] >= 0 && array[i] != model[i])
                return false;
        return true;
    }

    static int[] Significant(ReadOnlySpan<int> shape) => Array.FindAll(shape.ToArray(), extent => extent != 1);
}
