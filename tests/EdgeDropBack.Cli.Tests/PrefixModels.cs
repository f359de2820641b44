using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Models with a front that this engine does not run, or is asked not to: x [N, 6] to logits [N, 3].</summary>
static class PrefixModels
{
    const int Features = TemporaryFolder.Features, Classes = TemporaryFolder.Classes, Hidden = 8;

    /// <summary>A product of com.microsoft in front of a fully connected part.</summary>
    public static string Fused(TemporaryFolder folder, string name = "fused.onnx", float scale = 0.4f)
    {
        var b = Begin();
        b.Opset("com.microsoft", 1);
        b.Initializer("w0", TemporaryFolder.Numbers(5, Features * Hidden, scale), Features, Hidden);
        b.Node("FusedMatMul", ["x", "w0"], ["f"], "fused", "com.microsoft");
        return End(b, folder, name, "f", Hidden);
    }

    /// <summary>Boxes of a sample that NonMaxSuppression picks, as numbers beside a fully connected front.</summary>
    public static string Boxes(TemporaryFolder folder, string name = "boxes.onnx")
    {
        const int Count = 5, Picked = 3;
        var b = Begin();
        b.Initializer("wb", TemporaryFolder.Numbers(6, Features * Count * 4, 1f), Features, Count * 4);
        b.Initializer("bb", new float[Count * 4], Count * 4);
        b.Initializer("boxShape", new long[] { -1, Count, 4 }, 3);
        b.Initializer("scoreShape", new long[] { -1, 1, Count }, 3);
        b.Initializer("last", new long[] { 2 }, 1);
        b.Initializer("pickedShape", new long[] { -1, Picked }, 2);
        b.Initializer("most", new long[] { Picked }, 1);
        b.Initializer("overlap", [1f], 1);
        b.Node("Gemm", ["x", "wb", "bb"], ["numbers"], "box-numbers");
        b.Node("Reshape", ["numbers", "boxShape"], ["boxes"]);
        b.Node("ReduceMean", ["boxes"], ["means"]).Ints("axes", 2).Int("keepdims", 0);
        b.Node("Reshape", ["means", "scoreShape"], ["scores"]);
        b.Node("NonMaxSuppression", ["boxes", "scores", "most", "overlap"], ["selected"], "pick");
        b.Node("Gather", ["selected", "last"], ["indices"]).Int("axis", 1);
        b.Node("Reshape", ["indices", "pickedShape"], ["rows"]);
        b.Node("Cast", ["rows"], ["picked"]).Int("to", 1);
        b.Node("Concat", ["numbers", "picked"], ["f"], "join").Int("axis", 1);
        return End(b, folder, name, "f", Count * 4 + Picked);
    }

    /// <summary>A front in which the samples of a batch change each other's values.</summary>
    public static string Mixing(TemporaryFolder folder, string name = "mixing.onnx")
    {
        var b = Begin();
        b.Opset("com.microsoft", 1);
        b.Initializer("w0", TemporaryFolder.Numbers(5, Features * Hidden, 0.4f), Features, Hidden);
        b.Node("FusedMatMul", ["x", "w0"], ["m"], "fused", "com.microsoft");
        b.Node("ReduceMax", ["m"], ["largest"]).Ints("axes", 0).Int("keepdims", 1);
        b.Node("FusedMatMul", ["largest", "wt"], ["d"], "second", "com.microsoft");
        b.Initializer("wt", TemporaryFolder.Numbers(9, Hidden * Hidden, 0.4f), Hidden, Hidden);
        b.Node("Add", ["m", "d"], ["f0"]);
        b.Node("FusedMatMul", ["f0", "wt"], ["f"], "third", "com.microsoft");
        return End(b, folder, name, "f", Hidden);
    }

    /// <summary>Operators that this engine has, with a way around the middle and a shape that is computed.</summary>
    public static string Residual(TemporaryFolder folder, string name = "residual.onnx")
    {
        var b = Begin();
        b.Initializer("w0", TemporaryFolder.Numbers(5, Features * Hidden, 0.4f), Features, Hidden);
        b.Initializer("wm", TemporaryFolder.Numbers(7, Hidden * Hidden, 0.4f), Hidden, Hidden);
        b.Initializer("bm", TemporaryFolder.Numbers(8, Hidden, 0.1f), Hidden);
        b.Initializer("zero", new long[] { 0 }, 1);
        b.Initializer("rest", new long[] { -1 }, 1);
        b.Node("MatMul", ["x", "w0"], ["front"], "front");
        b.Node("Relu", ["front"], ["way"], "around");
        b.Node("Gemm", ["way", "wm", "bm"], ["middle"], "middle");
        b.Node("Gemm", ["middle", "wm", "bm"], ["deep"], "deep");
        b.Node("Add", ["deep", "way"], ["sum"], "sum");
        b.Node("Shape", ["way"], ["shape"]);
        b.Node("Gather", ["shape", "zero"], ["samples"]).Int("axis", 0);
        b.Node("Concat", ["samples", "rest"], ["flat"]).Int("axis", 0);
        b.Node("Reshape", ["sum", "flat"], ["f"], "flatten");
        return End(b, folder, name, "f", Hidden);
    }

    static OnnxBuilder Begin()
    {
        var b = new OnnxBuilder();
        b.Input("x", OnnxDataType.Float, "N", Features);
        return b;
    }

    static string End(OnnxBuilder b, TemporaryFolder folder, string name, string value, int width)
    {
        b.Initializer("w1", TemporaryFolder.Numbers(1, width * Hidden, 0.4f), width, Hidden);
        b.Initializer("b1", new float[Hidden], Hidden);
        b.Initializer("w2", TemporaryFolder.Numbers(2, Hidden * Classes, 0.4f), Hidden, Classes);
        b.Initializer("b2", new float[Classes], Classes);
        b.Node("Gemm", [value, "w1", "b1"], ["h"], "first");
        b.Node("Relu", ["h"], ["r"], "relu");
        b.Node("Gemm", ["r", "w2", "b2"], ["logits"], "last");
        b.Output("logits", OnnxDataType.Float, "N", Classes);
        b.Write(folder[name]);
        return folder[name];
    }
}
