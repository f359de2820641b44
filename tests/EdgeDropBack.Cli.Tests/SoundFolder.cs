using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>A depthwise-separable network for [1, 49, 10] features, and a folder of synthesised sounds of four classes at two rates.</summary>
static class SoundFolder
{
    public const int Frames = 49, Bands = 10, Channels = 16;

    public static readonly string[] Classes = ["fall", "high", "low", "rise"];

    public static string Model(TemporaryFolder folder)
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", 1, Frames, Bands);
        Convolution(b, 0, "x", [Channels, 1, 10, 4], [2, 2], [4, 1, 5, 1], 1);
        var value = "r0";
        for (var block = 1; block <= 4; block += 2)
        {
            Convolution(b, block, value, [Channels, 1, 3, 3], [1, 1], [1, 1, 1, 1], Channels);
            Convolution(b, block + 1, $"r{block}", [Channels, Channels, 1, 1], [1, 1], [0, 0, 0, 0], 1);
            value = $"r{block + 1}";
        }
        b.Initializer("head", TemporaryFolder.Numbers(40, Channels * 4, 0.3f), Channels, 4);
        b.Initializer("headBias", new float[4], 4);
        b.Node("GlobalAveragePool", [value], ["pooled"], "pool");
        b.Node("Flatten", ["pooled"], ["flat"], "flatten");
        b.Node("Gemm", ["flat", "head", "headBias"], ["logits"], "head");
        b.Output("logits", OnnxDataType.Float, "N", 4);
        b.Write(folder["dscnn.onnx"]);
        return folder["dscnn.onnx"];
    }

    /// <summary>300 recordings: tones of two pitches, and chirps that rise or fall.</summary>
    public static string Sounds(TemporaryFolder folder, int count = 300)
    {
        for (var i = 0; i < count; i++)
        {
            var (kind, rate) = (Classes[i % 4], i % 3 == 0 ? 44_100 : 16_000);
            var pitch = 1 + 0.3 * Draw(i, 0);
            var (from, to) = kind switch { "fall" => (2500.0, 500.0), "high" => (2200.0, 2200.0), "low" => (400.0, 400.0), _ => (500.0, 2500.0) };
            var bytes = Wav(Sound(i, from * pitch, to * pitch, rate), rate);
            Directory.CreateDirectory(folder[Path.Combine("sounds", kind)]);
            File.WriteAllBytes(folder[Path.Combine("sounds", kind, $"{i:000}.wav")], bytes);
        }
        return folder["sounds"];
    }

    static float[] Sound(int i, double from, double to, int rate)
    {
        var sound = new float[(int)(rate * (0.8 + 0.4 * Draw(i, 1)))];
        var seconds = (double)sound.Length / rate;
        for (var n = 0; n < sound.Length; n++)
        {
            var t = (double)n / rate;
            var noise = IndexedRandom.Hash(5, (uint)i, (ulong)n) / (double)uint.MaxValue - 0.5;
            sound[n] = (float)((0.2 + 0.6 * Draw(i, 2)) * DeterministicMath.SinPi(2 * (from * t + (to - from) * t * t / (2 * seconds))) + 0.05 * noise);
        }
        return sound;
    }

    static double Draw(int sample, uint what) => IndexedRandom.Hash(7, what, (ulong)sample) / (double)uint.MaxValue;

    static byte[] Wav(float[] mono, int rate)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + 2 * mono.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * mono.Length);
        foreach (var value in mono) writer.Write((short)Math.Round(value * short.MaxValue));
        return stream.ToArray();
    }

    static void Convolution(OnnxBuilder b, int index, string input, long[] shape, long[] strides, long[] pads, int groups)
    {
        var fan = shape[1] * shape[2] * shape[3];
        b.Initializer($"w{index}", TemporaryFolder.Numbers((uint)(20 + index), (int)(shape[0] * fan), MathF.Sqrt(2f / fan)), shape);
        b.Initializer($"b{index}", new float[shape[0]], shape[0]);
        b.Node("Conv", [input, $"w{index}", $"b{index}"], [$"c{index}"], $"conv{index}").Ints("strides", strides).Ints("pads", pads).Int("group", groups);
        b.Node("Relu", [$"c{index}"], [$"r{index}"], $"relu{index}");
    }
}
