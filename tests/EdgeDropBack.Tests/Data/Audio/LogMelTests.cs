using EdgeDropBack.Data;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Tests.Data;

public sealed class LogMelTests
{
    static readonly AudioFeatures s_settings = new() { Frames = 49, Bands = 40 };

    [Fact]
    public void TheFeaturesOfAKnownSoundAreTheSameBitsEverywhere() => Assert.Equal(LogMelCheck.Expected, LogMelCheck.Hash());

    [Fact]
    public void AToneIsInItsBandInEveryFrameWhateverItsRate()
    {
        foreach (var rate in new[] { 8000, 16_000, 22_050, 44_100, 48_000 })
        {
            var features = Features(WavBytes.Chirp(1000, 1000, rate, 1), rate);
            for (var frame = 1; frame < 48; frame++)
            {
                var row = features.AsSpan(frame * 40, 40);
                Assert.Equal(13, row.IndexOf(row.ToArray().Max()));
            }
        }
    }

    [Fact]
    public void SilenceIsTheFloorAndAShortSoundIsFollowedByIt()
    {
        Assert.All(Features(new float[16_000], 16_000), value => Assert.Equal((float)Math.Log(1e-6), value, 1e-5f));
        var half = Features(WavBytes.Chirp(500, 2000, 16_000, 0.5), 16_000);
        Assert.All(half[(26 * 40)..], value => Assert.Equal((float)Math.Log(1e-6), value, 1e-5f));
    }

    [Fact]
    public void ALongSoundIsCutToItsMiddle()
    {
        var middle = WavBytes.Chirp(500, 2000, 16_000, 1)[..s_settings.ClipSamples];
        Assert.Equal(Features(middle, 16_000), Features([.. new float[5000], .. middle, .. new float[5000]], 16_000));
    }

    [Fact]
    public void BandsFirstIsTheTranspose()
    {
        var sound = WavBytes.Chirp(100, 4000, 16_000, 1);
        var (frames, bands) = (Features(sound, 16_000), new float[49 * 40]);
        new LogMel(s_settings with { BandsFirst = true }).Compute(sound, 16_000, bands);
        for (var f = 0; f < 49; f++) for (var b = 0; b < 40; b++) Assert.Equal(frames[f * 40 + b], bands[b * 49 + f]);
    }

    [Theory]
    [InlineData(8000, 16_000)]
    [InlineData(44_100, 16_000)]
    [InlineData(48_000, 16_000)]
    [InlineData(11_025, 16_000)]
    [InlineData(15_999, 16_000)]
    public void ATonePassesTheResamplerAndOneAboveTheBandDoesNot(int from, int to)
    {
        var resampled = new Resampler(from, to).Run(WavBytes.Chirp(1000, 1000, from, 0.5));
        var expected = WavBytes.Chirp(1000, 1000, to, 0.5);
        for (var i = 1000; i < 7000; i++) Assert.Equal(expected[i], resampled[i], 2e-3f);
        if (from <= to) return;
        var above = new Resampler(from, to).Run(WavBytes.Chirp(to * 0.6, to * 0.6, from, 0.5));
        Assert.All(above[1000..7000], value => Assert.InRange(value, -2e-3f, 2e-3f));
    }

    [Fact]
    public void TapsFromTheTableAndComputedTapsAreTheSame()
    {
        var sound = WavBytes.Chirp(300, 600, 8000, 0.1);
        Assert.Equal(new Resampler(8000, 16_000).Run(sound), new Resampler(8000, 16_000, tableTaps: 0).Run(sound));
    }

    [Theory]
    [InlineData("[1, 49, 10]", 49, 10, false, 320)]
    [InlineData("[1, 40, 101]", 101, 40, true, 160)]
    [InlineData("[98, 40]", 98, 40, false, 160)]
    public void TheDefaultsFollowTheModelsInput(string shape, int frames, int bands, bool bandsFirst, int hop)
    {
        int[] sample = [.. shape.Trim('[', ']').Split(", ").Select(int.Parse)];
        var features = AudioFeatures.For(Preprocessing.ForModel([-1, .. sample], new()), null);
        Assert.Equal((frames, bands, bandsFirst, hop, 480), (features.Frames, features.Bands, features.BandsFirst, features.Hop, features.Window));
        Assert.Contains($"{frames} frames of {bands} bands", features.ToString());
    }

    [Theory]
    [InlineData("rate=5")]
    [InlineData("pitch=3")]
    [InlineData("low=4000,high=300")]
    [InlineData("layout=sideways")]
    public void SettingsThatCannotBeAreUsageErrors(string text)
    {
        var input = Preprocessing.ForModel([-1, 1, 49, 10], new());
        Assert.Equal(2, Assert.Throws<EdbException>(() => AudioFeatures.For(input, AudioOptions.Parse(text))).ExitCode);
    }

    [Fact]
    public void TheTransformIsTheSumOverAllSamples()
    {
        var x = new double[64];
        for (var i = 0; i < x.Length; i++) x[i] = IndexedRandom.Hash(1, 2, (ulong)i) / (double)uint.MaxValue - 0.5;
        var energies = new double[33];
        new PowerSpectrum(64).Compute(x, energies);
        for (var k = 0; k < energies.Length; k++)
        {
            var (re, im) = (0.0, 0.0);
            for (var i = 0; i < x.Length; i++) (re, im) = (re + x[i] * Math.Cos(2 * Math.PI * i * k / 64), im - x[i] * Math.Sin(2 * Math.PI * i * k / 64));
            Assert.Equal(re * re + im * im, energies[k], 1e-12);
        }
    }

    static float[] Features(float[] mono, int rate)
    {
        var features = new float[s_settings.Frames * s_settings.Bands];
        new LogMel(s_settings).Compute(mono, rate, features);
        return features;
    }
}
