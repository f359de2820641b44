using EdgeDropBack.Prefixes;

namespace EdgeDropBack.OnnxRuntime;

/// <summary>Runs frozen prefixes on Microsoft.ML.OnnxRuntime, one thread each. The native library is loaded when the first is opened.</summary>
public sealed class OnnxRuntimePrefixes : IPrefixRuntime
{
    string IPrefixRuntime.Name => $"ONNX Runtime {typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Makes this the runtime of the process for what <see cref="Training.SessionOptions.TrainFrom"/> freezes.</summary>
    public static void Use() => PrefixRuntimes.Current ??= new OnnxRuntimePrefixes();

    IPrefix IPrefixRuntime.Load(byte[] model, string path, IReadOnlyList<string> outputs) => OnnxRuntimeModel.Open(model, path, outputs);
}
