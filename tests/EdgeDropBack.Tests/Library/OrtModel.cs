using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeDropBack.Tests.Library;

/// <summary>An ONNX file as Microsoft.ML.OnnxRuntime runs it.</summary>
static class OrtModel
{
    /// <param name="x">[batch, ...] for the first input.</param>
    /// <returns>The first output and its shape.</returns>
    public static (float[] Values, int[] Shape) Run(string path, float[] x, params int[] shape)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(path, options);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(x, shape))]);
        var output = results[0].AsTensor<float>();
        return ([.. output], output.Dimensions.ToArray());
    }

    /// <summary>Every output with its shape, by name.</summary>
    public static Dictionary<string, (float[] Values, int[] Shape)> RunAll(string path, float[] x, params int[] shape)
    {
        using var session = new InferenceSession(path);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(x, shape))]);
        return results.Where(result => result.Value is Tensor<float>).ToDictionary(result => result.Name,
            result => (result.AsTensor<float>().ToArray(), result.AsTensor<float>().Dimensions.ToArray()), StringComparer.Ordinal);
    }

    /// <summary>The first output, every node computed as it stands: the runtime's own fusions compute quantized layers in integers.</summary>
    public static float[] RunAsWritten(string path, float[] x, params int[] shape)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        using var session = new InferenceSession(path, options);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(x, shape))]);
        return [.. results[0].AsTensor<float>()];
    }

    /// <summary>The first output of a model without inputs.</summary>
    public static (float[] Values, int[] Shape) RunAlone(byte[] model)
    {
        using var session = new InferenceSession(model);
        using var results = session.Run([]);
        var output = results[0].AsTensor<float>();
        return ([.. output], output.Dimensions.ToArray());
    }

    public static double Accuracy(float[] logits, long[] labels)
    {
        var classes = logits.Length / labels.Length;
        var right = labels.Where((label, i) =>
        {
            var row = logits.AsSpan(i * classes, classes);
            var best = 0;
            for (var c = 1; c < classes; c++) if (row[c] > row[best]) best = c;
            return best == label;
        }).Count();
        return (double)right / labels.Length;
    }
}
