namespace EdgeDropBack.Data;

/// <summary>uint8 arrays that hold images of another size or channel count than the model takes.</summary>
static class ImageArray
{
    /// <summary>Where an image's axes are in a sample.</summary>
    internal readonly record struct Geometry(int Height, int Width, int Channels, bool ChannelsFirst);

    /// <summary>
    /// [H,W], [H,W,C] or [C,H,W] with C in {1, 3, 4}; where both ends could be channels, the end that equals the model's count.
    /// </summary>
    internal static bool TryGeometry(ReadOnlySpan<int> sample, int modelChannels, out Geometry geometry)
    {
        geometry = default;
        if (sample.Length == 2)
            geometry = new(sample[0], sample[1], 1, false);
        else if (sample.Length == 3 && sample[2] is 1 or 3 or 4 && !(sample[0] == modelChannels && sample[2] != modelChannels))
            geometry = new(sample[0], sample[1], sample[2], false);
        else if (sample.Length == 3 && sample[0] is 1 or 3 or 4)
            geometry = new(sample[1], sample[2], sample[0], true);
        return geometry is { Height: > 0, Width: > 0 };
    }

    internal static (NpyArray X, int[] SampleShape) Convert(NpyArray x, Geometry geometry, DatasetOptions options, string name)
    {
        var target = options.Preprocessing;
        var count = x.Shape[0];
        var shape = target.ImageShape();
        var length = SampleShapes.Length(shape);
        CheckMemory(name, count, length, options);
        var bytes = GC.AllocateUninitializedArray<byte>((int)(count * length));
        var from = geometry.Height * geometry.Width * geometry.Channels;
        for (var i = 0; i < count; i++)
        {
            var pixels = x.Bytes.AsSpan(i * from, from).ToArray();
            if (geometry.ChannelsFirst)
                pixels = ElementOrder.TransposeEach(pixels, 1, 1, geometry.Channels, geometry.Height * geometry.Width);
            new DecodedImage(pixels, geometry.Height, geometry.Width, geometry.Channels).Fit(target).CopyTo(bytes, (int)(i * length));
        }
        return (new NpyArray(NpyType.UInt8, [count, .. shape], bytes), shape);
    }

    /// <param name="kind">What messages call the samples.</param>
    internal static void CheckMemory(string name, long count, long sampleLength, DatasetOptions options, string kind = "images")
    {
        var limit = Math.Min(options.MaxBytes, Array.MaxLength);
        if ((Int128)count * sampleLength > limit)
            throw EdbException.Refused(
                $"{Printable.Name(name)}: {count} {kind} of {sampleLength} bytes need {(Int128)count * sampleLength} bytes of memory, "
                + $"the limit is {limit}; use fewer {kind} or a smaller --size");
    }
}
