using System.Buffers.Binary;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Tests.Data;

/// <summary>WAV files as recorders write them.</summary>
static class WavBytes
{
    /// <param name="mono">Repeated in every channel.</param>
    /// <param name="bits">8, 16, 24 or 32, with <paramref name="isFloat"/> 32 or 64.</param>
    public static byte[] Of(float[] mono, int rate, int channels = 1, int bits = 16, bool isFloat = false, bool isExtensible = false)
    {
        var (size, block) = (bits / 8, channels * bits / 8);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var format = isExtensible ? 40 : 16;
        var kind = (short)(isFloat ? 3 : 1);
        writer.Write("RIFF"u8);
        writer.Write(4 + 8 + format + 8 + mono.Length * block);
        writer.Write("WAVEfmt "u8);
        writer.Write(format);
        writer.Write(isExtensible ? unchecked((short)0xFFFE) : kind);
        writer.Write((short)channels);
        writer.Write(rate);
        writer.Write(rate * block);
        writer.Write((short)block);
        writer.Write((short)bits);
        if (isExtensible)
        {
            writer.Write((short)22);
            writer.Write((short)bits);
            writer.Write((1 << channels) - 1);
            writer.Write(kind);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }
        writer.Write("data"u8);
        writer.Write(mono.Length * block);
        var bytes = new byte[8];
        foreach (var value in mono)
        {
            Encode(value, size, isFloat, bytes);
            for (var c = 0; c < channels; c++) writer.Write(bytes, 0, size);
        }
        return stream.ToArray();
    }

    /// <summary>A tone whose frequency goes from one to another.</summary>
    public static float[] Chirp(double from, double to, int rate, double seconds, double level = 0.5)
    {
        var sound = new float[(int)(rate * seconds)];
        for (var i = 0; i < sound.Length; i++)
        {
            var t = (double)i / rate;
            sound[i] = (float)(level * DeterministicMath.SinPi(2 * (from * t + (to - from) * t * t / (2 * seconds))));
        }
        return sound;
    }

    static void Encode(float value, int size, bool isFloat, byte[] bytes)
    {
        if (isFloat && size == 4) BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        else if (isFloat) BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        else if (size == 1) bytes[0] = (byte)(Math.Round(value * 127) + 128);
        else BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)Math.Round(value * ((1L << (size * 8 - 1)) - 1)));
    }
}
