using EdgeDropBack.Data;
using EdgeDropBack.Kernels;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Training;

/// <summary>Small models with several outputs over one trunk: x [N, 6] to h [N, 10].</summary>
static class HeadsModel
{
    public const int Features = 6, Hidden = 10, Classes = 4;

    /// <param name="kind">Which outputs there are, and in which order.</param>
    public static string Write(string path, string kind)
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", Features);
        Weights(b, "w0", Features, Hidden);
        Weights(b, "b0", Hidden);
        b.Node("Gemm", ["x", "w0", "b0"], ["g"], "trunk");
        b.Node("Relu", ["g"], ["h"], "relu");
        switch (kind)
        {
            case "three heads":
                Heads(b, "o1", "o2", "o3");
                break;
            case "outputs in another order":
                Heads(b, ["o1", "o2", "o3"], ["o3", "o1", "o2"]);
                break;
            case "auxiliary output last":
                Weights(b, "w9", Hidden, 2);
                b.Node("MatMul", ["h", "w9"], ["aux"], "aux");
                Heads(b, ["o1"], ["o1"]);
                b.Output("aux", OnnxDataType.Float, "N", 2);
                break;
            case "label and probabilities":
                Heads(b, ["logits"], []);
                b.Node("Softmax", ["logits"], ["probabilities"], "softmax").Int("axis", 1);
                b.Node("ArgMax", ["logits"], ["label"], "argmax").Int("axis", 1).Int("keepdims", 0);
                b.Output("label", OnnxDataType.Int64, "N");
                b.Output("probabilities", OnnxDataType.Float, "N", Classes);
                break;
            case "logits and softmax":
                Heads(b, ["logits"], ["logits"]);
                b.Node("Softmax", ["logits"], ["probabilities"], "softmax").Int("axis", 1);
                b.Output("probabilities", OnnxDataType.Float, "N", Classes);
                break;
            case "input passed through":
                b.Node("Identity", ["x"], ["same"], "same");
                b.Output("same", OnnxDataType.Float, "N", Features);
                Heads(b, ["o1"], ["o1"]);
                break;
            case "constant first":
                b.Initializer("version", [7f, 8f], 2);
                b.Node("Identity", ["version"], ["info"], "info");
                b.Output("info", OnnxDataType.Float, 2);
                Heads(b, ["o1"], ["o1"]);
                break;
            case "head behind the head":
                Heads(b, ["o1"], ["o1"]);
                Weights(b, "w9", Classes, 2);
                b.Node("MatMul", ["o1", "w9"], ["next"], "next");
                b.Output("next", OnnxDataType.Float, "N", 2);
                break;
            case "tied heads":
                Weights(b, "w", Hidden, Classes);
                b.Node("MatMul", ["h", "w"], ["o1"], "head_o1");
                b.Node("MatMul", ["g", "w"], ["o2"], "head_o2");
                b.Output("o1", OnnxDataType.Float, "N", Classes);
                b.Output("o2", OnnxDataType.Float, "N", Classes);
                break;
            default: throw new ArgumentException(kind);
        }
        b.Write(path);
        return path;
    }

    /// <summary>Samples whose class is told by one of the features.</summary>
    public static string Data(string path, int classes = Classes, int samples = 80)
    {
        var (x, y) = (Numbers("x", samples * Features), new long[samples]);
        for (var i = 0; i < samples; i++)
        {
            y[i] = i % classes;
            x[i * Features + (int)y[i]] += 2f;
        }
        NpzWriter.Write(path, [("x", NpyArray.From(x, samples, Features)), ("y", NpyArray.From(y, samples))]);
        return path;
    }

    public static float[] Numbers(string name, int count)
    {
        var numbers = new float[count];
        IndexedRandom.Fill(new(5, (uint)name.Sum(c => c * 31), 0.4f, Distribution.Normal), 0, numbers);
        return numbers;
    }

    static void Heads(OnnxBuilder b, params string[] names) => Heads(b, names, names);

    static void Heads(OnnxBuilder b, string[] names, string[] outputs)
    {
        foreach (var name in names)
        {
            Weights(b, $"w_{name}", Hidden, Classes);
            Weights(b, $"b_{name}", Classes);
            b.Node("Gemm", ["h", $"w_{name}", $"b_{name}"], [name], $"head_{name}");
        }
        foreach (var name in outputs) b.Output(name, OnnxDataType.Float, "N", Classes);
    }

    static void Weights(OnnxBuilder b, string name, params long[] dims) => b.Initializer(name, Numbers(name, (int)dims.Aggregate(1L, (a, d) => a * d)), dims);
}
