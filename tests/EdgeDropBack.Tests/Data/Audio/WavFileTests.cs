using System.Buffers.Binary;
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
    public void WhatIsCutBeforeItsFirstFrameHasAReasonAndWhatIsCutLaterANote()
    {
        const int FirstFrame = 72;
        var wav = WavBytes.Of(s_sound, 8000, channels: 2, isExtensible: true);
        for (var length = 0; length < FirstFrame; length++) Assert.NotNull(WavFile.Parse(wav.AsSpan(0, length), out _));
        for (var length = FirstFrame; length < wav.Length; length++)
        {
            Assert.Null(WavFile.Parse(wav.AsSpan(0, length), out var read));
            Assert.Equal((length - FirstFrame) / 4 + 1, read!.Mono.Length);
            Assert.Equal((length - FirstFrame) % 4 == 0 ? 1 : 2, read.Notes.Count);
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(0x7FFFF000u)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x80000000u)]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(200u)]
    public void APlaceholderForTheLengthReadsWholeFramesToTheEndWithANote(uint length)
    {
        foreach (var channels in new[] { 1, 2 })
        {
            var wav = WavBytes.Of(s_sound, 8000, channels);
            BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(40), length == 200 ? (uint)(s_sound.Length * 2 * channels + 200) : length);
            BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(4), length == 0 ? 0 : uint.MaxValue);
            foreach (byte[] tail in new byte[][] { [], [7] })
            {
                Assert.Null(WavFile.Parse([.. wav, .. tail], out var read));
                Assert.Equal(Right(), read!.Mono);
                Assert.Contains("real length", read.Notes[0]);
                Assert.Equal(1 + tail.Length, read.Notes.Count);
            }
        }
    }

    [Theory]
    [InlineData("RF64")]
    [InlineData("BW64")]
    public void TheLengthOf64BitsIsTakenFromDs64(string magic)
    {
        var wav = WavBytes.Of(s_sound, 8000);
        wav.AsSpan(40, 4).Fill(255);
        foreach (var (length, notes) in new[] { (s_sound.Length * 2L, 0), (0L, 1), (long.MaxValue, 1), (-1L, 1) })
        {
            byte[] ds64 = [.. "ds64"u8, 28, 0, 0, 0, .. new byte[8], .. BitConverter.GetBytes(length), .. new byte[12]];
            byte[] file = [.. System.Text.Encoding.ASCII.GetBytes(magic), 255, 255, 255, 255, .. "WAVE"u8, .. ds64, .. wav[12..]];
            if (notes == 0) file = [.. file, .. "LIST"u8, 4, 0, 0, 0, 1, 2, 3, 4];
            Assert.Null(WavFile.Parse(file, out var read));
            Assert.Equal(Right(), read!.Mono);
            Assert.Equal(notes, read.Notes.Count);
        }
    }

    [Fact]
    public void ChunksOfOddLengthAreSteppedOverWithAndWithoutPaddingAndBehindTheSamples()
    {
        var wav = WavBytes.Of(s_sound, 8000);
        foreach (byte[] junk in new byte[][] { [.. "JUNK"u8, 3, 0, 0, 0, 1, 2, 3, 0], [.. "JUNK"u8, 3, 0, 0, 0, 1, 2, 3] })
        {
            Assert.Null(WavFile.Parse([.. wav[..12], .. junk, .. wav[12..36], .. "fact"u8, 4, 0, 0, 0, 1, 2, 3, 4, .. wav[36..], .. junk], out var read));
            Assert.Equal(Right(), read!.Mono);
            Assert.Empty(read.Notes);
        }
    }

    [Fact]
    public void ARecordingWithoutSamplesIsNamedAlsoWithChunksBehind()
    {
        var wav = WavBytes.Of([], 8000);
        Assert.Contains("empty", WavFile.Parse(wav, out _)!);
        Assert.Contains("empty", WavFile.Parse([.. wav, .. "LIST"u8, 4, 0, 0, 0, 1, 2, 3, 4], out _)!);
    }

    [Theory]
    [InlineData("OggS", "Ogg")]
    [InlineData("fLaC", "FLAC")]
    [InlineData("RIFX", "RIFX")]
    public void OtherKindsOfSoundAreNamed(string magic, string named)
        => Assert.Contains(named, WavFile.Parse([.. System.Text.Encoding.ASCII.GetBytes(magic), .. new byte[40]], out _)!);

    static float[] Right()
    {
        Assert.Null(WavFile.Parse(WavBytes.Of(s_sound, 8000), out var wav));
        return wav!.Mono;
    }

    [Theory]
    [InlineData(20, 2, "format 2")]
    [InlineData(20, 6, "A-law")]
    [InlineData(20, 7, "mu-law")]
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
