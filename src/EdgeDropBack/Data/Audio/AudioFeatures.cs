using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>
/// How a recording becomes a model's input: mixed to mono, resampled, and turned into the natural logarithm of the energy in mel bands, window
/// by window. A longer recording is cut to its middle, a shorter one is followed by silence. The defaults suit keyword spotting.
/// </summary>
public sealed record AudioFeatures
{
    public const int LowestRate = 1000, HighestRate = 192_000;

    const int MostFrames = 1 << 16, MostBands = 1024, LongestWindow = 1 << 16, FewFrames = 64;

    /// <summary>Samples a second after resampling.</summary>
    public int Rate { get; init; } = 16_000;

    /// <summary>Samples in a window.</summary>
    public int Window { get; init; } = 480;

    /// <summary>Samples from one window to the next.</summary>
    public int Hop { get; init; } = 320;

    public int Frames { get; init; }

    /// <summary>Mel bands, triangles of equal width on the scale 1127 ln(1 + f / 700).</summary>
    public int Bands { get; init; }

    /// <summary>Lowest frequency of the first band, Hz.</summary>
    public double Low { get; init; } = 20;

    /// <summary>Highest frequency of the last band, Hz.</summary>
    public double High { get; init; } = 8000;

    /// <summary>[bands, frames] instead of [frames, bands].</summary>
    public bool BandsFirst { get; init; }

    /// <summary>Samples of a recording that are looked at.</summary>
    public int ClipSamples => (Frames - 1) * Hop + Window;

    /// <summary>Features that fit a model's input, and what the user asked for.</summary>
    /// <exception cref="EdbException">Exit code 3: the input is no image of one channel; 2: an option does not fit.</exception>
    public static AudioFeatures For(Preprocessing input, AudioOptions? options)
    {
        if (input is not { Height: { } height, Width: { } width, Channels: 0 or 1 })
            throw EdbException.Refused($"the model's input {Printable.Shape(input.InputShape)} is not what sound becomes, one channel of [frames, bands]; "
                + "where it leaves these open give --size FRAMESxBANDS");
        options ??= new();
        var isBandsFirst = options.BandsFirst ?? width > height;
        var (frames, bands) = isBandsFirst ? (width, height) : (height, width);
        var rate = options.Rate ?? 16_000;
        var features = new AudioFeatures
        {
            Rate = rate,
            Window = Samples(options.Window ?? 30, rate),
            Hop = Samples(options.Hop ?? (frames <= FewFrames ? 20 : 10), rate),
            Frames = frames,
            Bands = bands,
            Low = options.Low ?? 20,
            High = options.High ?? Math.Min(8000, rate / 2.0),
            BandsFirst = isBandsFirst,
        };
        features.Check();
        return features;
    }

    /// <summary>The settings, in a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"log-mel features: {Frames} frames of {Bands} bands from {Low} to {High} Hz, windows of {Window} samples every {Hop} at {Rate} Hz, "
        + $"[{(BandsFirst ? "bands, frames" : "frames, bands")}], {(double)ClipSamples / Rate:0.###} s of each recording");

    internal void Check()
    {
        if (Rate is < LowestRate or > HighestRate) throw EdbException.Usage($"--audio rate={Rate}: expected {LowestRate} to {HighestRate}");
        if (Window is < 8 or > LongestWindow || Hop is < 1 or > LongestWindow)
            throw EdbException.Usage($"--audio: windows of {Window} samples every {Hop} are outside 8..{LongestWindow}");
        if (Frames is < 1 or > MostFrames || Bands is < 1 or > MostBands)
            throw EdbException.Usage($"--audio: {Frames} frames of {Bands} bands; the model's input has to have up to {MostFrames} and {MostBands}");
        if (!(Low >= 0 && Low < High && High <= Rate / 2.0))
            throw EdbException.Usage(string.Create(CultureInfo.InvariantCulture, $"--audio low={Low},high={High}: expected low below high, and high at most half the rate of {Rate}"));
    }

    static int Samples(double milliseconds, int rate) => (int)Math.Round(milliseconds * rate / 1000);
}
