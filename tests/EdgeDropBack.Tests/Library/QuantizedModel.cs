using EdgeDropBack.Data;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Library;

/// <summary>Models in QDQ form for tests.</summary>
static class QuantizedModel
{
    /// <summary>The shipped model in 8 bits (tools/make_quantized_example.py).</summary>
    public static string Fashion => Path.Combine(Repository.Root, "tests", "references", "fashion-int8", "model.onnx");

    /// <summary>Weights behind DequantizeLinear, or behind both where they are stored as float32, per channel or per tensor.</summary>
    /// <param name="form">int8, uint8 or float.</param>
    /// <param name="channels">1, or the size of dimension <paramref name="axis"/>.</param>
    public static string Weights(this OnnxBuilder b, string name, string form, int channels, int axis, params long[] dims)
    {
        var count = (int)dims.Aggregate((a, d) => a * d);
        float[] scales = [.. Enumerable.Range(0, channels).Select(c => 0.004f + 0.001f * (c % 5))];
        b.Initializer(name + ".scale", scales, channels == 1 ? [] : [channels]);
        var type = form == "uint8" ? OnnxDataType.UInt8 : OnnxDataType.Int8;
        byte[] zeroPoints = [.. Enumerable.Range(0, channels).Select(c => (byte)(form == "uint8" ? 120 + c % 9 : c % 3))];
        b.Initializer(name + ".zero", type, zeroPoints, channels == 1 ? [] : [channels]);
        string[] scaling = [name + ".scale", name + ".zero"];
        var integers = name;
        if (form == "float")
        {
            b.Initializer(name, [.. Enumerable.Range(0, count).Select(i => SampleOrder.Hash(5, (ulong)i) % 1000 / 800f - 0.625f)], dims);
            b.Node("QuantizeLinear", [name, .. scaling], [integers = name + ".q"]).Int("axis", axis);
        }
        else
        {
            b.Initializer(name, type, [.. Enumerable.Range(0, count).Select(i => (byte)SampleOrder.Hash(5, (ulong)i))], dims);
        }
        b.Node("DequantizeLinear", [integers, .. scaling], [name + ".dequantized"]).Int("axis", axis);
        return name + ".dequantized";
    }

    /// <summary>QuantizeLinear and DequantizeLinear around an activation.</summary>
    public static string Activation(this OnnxBuilder b, string name, float scale, byte zeroPoint)
    {
        b.Initializer(name + ".scale", [scale]).Initializer(name + ".zero", OnnxDataType.UInt8, [zeroPoint]);
        b.Node("QuantizeLinear", [name, name + ".scale", name + ".zero"], [name + ".q"]);
        b.Node("DequantizeLinear", [name + ".q", name + ".scale", name + ".zero"], [name + ".dq"]);
        return name + ".dq";
    }
}
