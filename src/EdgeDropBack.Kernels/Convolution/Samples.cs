namespace EdgeDropBack.Kernels;

/// <summary>Lines that run over the samples of a batch.</summary>
static unsafe class Samples
{
    /// <summary>Elements (sample, grid position) from <paramref name="start"/> on, of planes <paramref name="sampleStride"/> apart.</summary>
    public static float* Load(in PlaneWindow window, float* planes, nint sampleStride, int offsetY, int offsetX, int start, int count,
        float* staging)
    {
        var (sample, position) = Math.DivRem(start, window.GridPlane);
        if (position + count <= window.GridPlane)
            return window.Load(planes + sample * sampleStride, offsetY, offsetX, position, count, staging);
        for (var done = 0; done < count; sample++, position = 0)
        {
            var length = Math.Min(count - done, window.GridPlane - position);
            var source = window.Load(planes + sample * sampleStride, offsetY, offsetX, position, length, staging + done);
            if (source != staging + done)
                new Span<float>(source, length).CopyTo(new Span<float>(staging + done, length));
            done += length;
        }
        return staging;
    }
}
