using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class WavFileTests
{
    static readonly float[] s_sound = WavBytes.Chirp(300, 900, 8000, 0.01);

    [Theory]
    [InlineData(8, false, 0.01)]
    [InlineData(16, false, 4e-5)]
    [InlineData(24, false, 3e-7)]
    [InlineData(32, false, 1e-7)]
    [InlineData(32, true, 0)]
    [InlineData(64, true, 0)]
    public void EveryEncodingIsReadWithAnyNumberOfChannelsAndExtended(int bits, bool isFloat, double tolerance)
    {
        foreach (var (channels, isExtensible) in new[] { (1, false), (2, false), (1, true), (6, true) })
        {
            Assert.Null(WavFile.Parse(WavBytes.Of(s_sound, 22_050, channels, bits, isFloat, isExtensible), out var wav));
            Assert.Equal((22_050, channels, s_sound.Length), (wav!.Rate, wav.Channels, wav.Mono.Length));
            for (var i = 0; i < s_sound.Length; i++) Assert.InRange(Math.Abs(wav.Mono[i] - s_sound[i]), 0, tolerance);
        }
    }

    [Fact]
    public void OtherChunksAreSteppedOverAndAnUnknownLengthGoesOnToTheEnd()
    {
        var wav = WavBytes.Of(s_sound, 8000);
        byte[] listed = [.. wav[..12], .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. wav[12..]];
        Assert.Null(WavFile.Parse(listed, out var read));
        Assert.Equal(s_sound.Length, read!.Mono.Length);
        var streamed = (byte[])wav.Clone();
        streamed.AsSpan(40, 4).Fill(255);
        Assert.Null(WavFile.Parse(streamed, out read));
        Assert.Equal(s_sound.Length, read!.Mono.Length);
    }

    [Fact]
    public void WhatIsCutShortAnywhereHasAReason()
    {
        var wav = WavBytes.Of(s_sound, 8000, channels: 2, isExtensible: true);
        for (var length = 0; length < wav.Length; length++) Assert.NotNull(WavFile.Parse(wav.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData(20, 2, "format 2")]
    [InlineData(22, 0, "0 channels")]
    [InlineData(24, 0, "samples a second")]
    [InlineData(32, 7, "7 bytes a frame")]
    [InlineData(34, 12, "12 bits")]
    public void AFormatThatIsNotReadIsNamed(int at, byte value, string named)
    {
        var wav = WavBytes.Of(s_sound, 200);
        (wav[24], wav[25]) = (0x40, 0x1F);
        (wav[at], wav[at + 1]) = (value, 0);
        Assert.Contains(named, WavFile.Parse(wav, out _)!);
    }

    [Fact]
    public void MutatedFilesAreReadOrHaveAReason()
    {
        foreach (var source in new[] { WavBytes.Of(s_sound, 8000), WavBytes.Of(s_sound, 8000, 2, 32, true, true) })
            for (var seed = 0; seed < DataTest.Mutations; seed++)
                if (WavFile.Parse(DataTest.Mutate(source, seed), out var wav) is null) Assert.All(wav!.Mono, value => Assert.True(float.IsFinite(value)));
    }
}
