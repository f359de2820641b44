using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>
/// Random changes to training images: a shift by whole pixels, a mirror image, a turn about the centre (bilinear). A function of seed and
/// the sample's position in the run only, without libm, so that every machine and a resumed run see the same images. What comes in from
/// outside repeats the edge.
/// </summary>
/// <param name="Shift">Most pixels in each direction.</param>
/// <param name="Flip">Every second image is mirrored left to right.</param>
/// <param name="Degrees">Most degrees of a turn either way.</param>
public sealed record Augmentation(int Shift, bool Flip, double Degrees)
{
    const int MaxShift = 1024;
    const double MaxDegrees = 180;

    /// <summary>Keeps these draws apart from those that order samples under the same seed.</summary>
    const ulong Salt = 0x41554731;

    public static Augmentation None { get; } = new(0, false, 0);

    /// <summary>"off", or parts such as "shift:4,flip,rotate:15".</summary>
    /// <exception cref="EdbException">Exit code 2: it is neither.</exception>
    public static Augmentation Parse(string text)
    {
        if (text == "off") return None;
        var result = None;
        foreach (var part in text.Split(','))
        {
            if (part == "flip") result = result with { Flip = true };
            else if (part.StartsWith("shift:", StringComparison.Ordinal) && int.TryParse(part[6..], NumberStyles.None, CultureInfo.InvariantCulture, out var pixels)
                && pixels is > 0 and <= MaxShift) result = result with { Shift = pixels };
            else if (part.StartsWith("rotate:", StringComparison.Ordinal)
                && double.TryParse(part[7..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)
                && degrees is > 0 and <= MaxDegrees) result = result with { Degrees = degrees };
            else throw EdbException.Usage($"--augment '{text}' is neither off nor made of shift:PIXELS, flip and rotate:DEGREES, such as shift:4,flip,rotate:15");
        }
        return result;
    }

    /// <summary>Changes one image.</summary>
    /// <param name="position">Of the sample in the run: step x batch + place in the batch.</param>
    /// <param name="source">[image] as the model takes it.</param>
    /// <param name="destination">[image], apart from the source.</param>
    internal void Apply(ImageGeometry image, ulong seed, long position, ReadOnlySpan<float> source, Span<float> destination)
    {
        var key = SampleOrder.Hash(SampleOrder.Hash(seed, Salt), (ulong)position);
        var (down, right) = (Draw(key, 0, Shift), Draw(key, 1, Shift));
        var isMirrored = Flip && (SampleOrder.Hash(key, 2) & 1) == 1;
        if (Degrees == 0)
        {
            Move(image, down, right, isMirrored, source, destination);
            return;
        }
        var unit = (SampleOrder.Hash(key, 3) >> 11) * (1.0 / (1L << 53));
        Turn(image, (2 * unit - 1) * Degrees * (Math.PI / 180), down, right, isMirrored, source, destination);
    }

    public override string ToString()
    {
        var parts = new List<string>();
        if (Shift > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"shift:{Shift}"));
        if (Flip) parts.Add("flip");
        if (Degrees > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"rotate:{Degrees}"));
        return parts.Count == 0 ? "off" : string.Join(',', parts);
    }

    /// <summary>A whole number from -most to most.</summary>
    static int Draw(ulong key, ulong which, int most) => (int)Math.BigMul(SampleOrder.Hash(key, which), 2 * (ulong)most + 1, out _) - most;

    static void Move(ImageGeometry image, int down, int right, bool isMirrored, ReadOnlySpan<float> source, Span<float> destination)
    {
        for (var y = 0; y < image.Height; y++)
        {
            var fromY = Math.Clamp(y - down, 0, image.Height - 1);
            for (var x = 0; x < image.Width; x++)
            {
                var fromX = Math.Clamp(x - right, 0, image.Width - 1);
                if (isMirrored) fromX = image.Width - 1 - fromX;
                for (var c = 0; c < image.Channels; c++) destination[image.At(c, y, x)] = source[image.At(c, fromY, fromX)];
            }
        }
    }

    static void Turn(ImageGeometry image, double angle, int down, int right, bool isMirrored, ReadOnlySpan<float> source, Span<float> destination)
    {
        var (sine, cosine) = SineCosine(angle);
        var (middleY, middleX) = ((image.Height - 1) / 2.0, (image.Width - 1) / 2.0);
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                var (v, u) = (y - down - middleY, x - right - middleX);
                var fromY = Math.Clamp(middleY + cosine * v - sine * u, 0, image.Height - 1);
                var fromX = Math.Clamp(middleX + sine * v + cosine * u, 0, image.Width - 1);
                if (isMirrored) fromX = image.Width - 1 - fromX;
                var (top, left) = ((int)fromY, (int)fromX);
                var (bottom, beside) = (Math.Min(top + 1, image.Height - 1), Math.Min(left + 1, image.Width - 1));
                var (shareY, shareX) = ((float)(fromY - top), (float)(fromX - left));
                for (var c = 0; c < image.Channels; c++)
                {
                    var upper = Between(source[image.At(c, top, left)], source[image.At(c, top, beside)], shareX);
                    var lower = Between(source[image.At(c, bottom, left)], source[image.At(c, bottom, beside)], shareX);
                    destination[image.At(c, y, x)] = Between(upper, lower, shareY);
                }
            }
        }
    }

    static float Between(float a, float b, float share) => MathF.FusedMultiplyAdd(share, b - a, a);

    /// <summary>Taylor series up to the 24th power: good to 1e-12 up to half a turn.</summary>
    static (double Sine, double Cosine) SineCosine(double angle)
    {
        var square = angle * angle;
        var (sine, cosine) = (1.0, 1.0);
        for (var n = 24; n >= 2; n -= 2)
        {
            cosine = 1 - cosine * square / (n * (n - 1.0));
            sine = 1 - sine * square / (n * (n + 1.0));
        }
        return (sine * angle, cosine);
    }
}
