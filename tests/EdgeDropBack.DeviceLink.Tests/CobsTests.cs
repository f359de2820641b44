namespace EdgeDropBack.DeviceLink.Tests;

public sealed class CobsTests
{
    [Theory]
    [InlineData("00", "0101")]
    [InlineData("0000", "010101")]
    [InlineData("11220033", "0311220233")]
    [InlineData("11000000", "0211010101")]
    [InlineData("", "01")]
    public void FramesOfThePaper(string bytes, string encoded)
    {
        var line = new byte[16];
        Assert.Equal(encoded, Convert.ToHexString(line[..Cobs.Encode(Convert.FromHexString(bytes), line)]));
    }

    [Fact]
    public void EveryLengthComesBackWithoutAZeroOnTheLine()
    {
        var noise = new Noise(0, 5);
        for (var length = 0; length <= 600; length++)
        {
            var bytes = new byte[length];
            for (var i = 0; i < length; i++) bytes[i] = (byte)(noise.Next() % (length % 3 == 0 ? 2u : 256u) + (length % 5 == 0 ? 1u : 0));
            var line = new byte[Cobs.MaxEncoded(length)];
            var count = Cobs.Encode(bytes, line);
            Assert.DoesNotContain((byte)0, line[..count]);
            var decoded = new byte[line.Length];
            Assert.Equal(bytes, decoded[..Cobs.Decode(line.AsSpan(0, count), decoded)]);
        }
    }

    [Fact]
    public void WhatNoEncoderMakesIsRefused()
    {
        Assert.Equal(-1, Cobs.Decode([5, 1, 2], new byte[8]));
        Assert.Equal(-1, Cobs.Decode([1, 0], new byte[8]));
    }
}
