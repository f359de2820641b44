using EdgeDropBack.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeDropBack.OnnxRuntime;

/// <summary>A model in Microsoft.ML.OnnxRuntime on one thread, its tensors as floats.</summary>
sealed class OnnxRuntimeModel : IDisposable
{
    const int GraphField = 7, OutputField = 12, NameField = 1;

    readonly InferenceSession _session;
    readonly RunOptions _run = new();

    OnnxRuntimeModel(InferenceSession session) => _session = session;

    /// <summary>Outputs by name, in the model's order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Loads a model.</summary>
    /// <param name="extraOutputs">Values inside the graph that become outputs too. The graph is then run as it is written, not optimised.</param>
    /// <exception cref="EdbException">Exit code 3: the native library is missing, or ONNX Runtime refuses the model.</exception>
    public static OnnxRuntimeModel Open(string path, IReadOnlyCollection<string> extraOutputs)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            if (extraOutputs.Count == 0) return new(new InferenceSession(path, options));
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new(new InferenceSession(WithOutputs(path, extraOutputs), options));
        }
        catch (OnnxRuntimeException e)
        {
            throw EdbException.Refused($"{path}: ONNX Runtime refuses it: {e.Message}", e);
        }
        catch (Exception e) when (e is DllNotFoundException || e.InnerException is DllNotFoundException)
        {
            throw EdbException.Refused("libonnxruntime.so is missing beside the executable; install the archive whose name ends in -onnxruntime, "
                + "or copy it there from the package Microsoft.ML.OnnxRuntime", e);
        }
    }

    /// <summary>One run.</summary>
    /// <param name="inputs">Values and whole shape by input name; converted to the type that the model takes.</param>
    /// <returns>Outputs in the order of <see cref="Outputs"/>; null for one that is no tensor of numbers.</returns>
    public IReadOnlyList<float[]?> Run(IReadOnlyList<(string Name, float[] Values, long[] Shape)> inputs)
    {
        var names = inputs.Select(input => input.Name).ToArray();
        var values = new List<OrtValue>();
        try
        {
            foreach (var (name, numbers, shape) in inputs)
                values.Add(ToOrt(name, _session.InputMetadata[name].ElementDataType, numbers, shape));
            using var results = _session.Run(_run, names, values, _session.OutputNames);
            return [.. results.Select(ToFloats)];
        }
        catch (OnnxRuntimeException e)
        {
            throw EdbException.Refused($"ONNX Runtime cannot run the model: {e.Message}", e);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>A protobuf message that follows another one is merged into it, so outputs are added by appending to the file's bytes.</summary>
    static byte[] WithOutputs(string path, IReadOnlyCollection<string> names)
    {
        var graph = new ProtoWriter();
        foreach (var name in names) graph.Message(OutputField, new ProtoWriter().String(NameField, name));
        using var stream = new MemoryStream();
        stream.Write(File.ReadAllBytes(path));
        new ProtoWriter().Message(GraphField, graph).WriteTo(stream);
        return stream.ToArray();
    }

    static OrtValue ToOrt(string name, TensorElementType type, float[] values, long[] shape) => type switch
    {
        TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(values, shape),
        TensorElementType.Double => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (double)v), shape),
        TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (long)v), shape),
        TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (int)v), shape),
        TensorElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (byte)v), shape),
        TensorElementType.Int8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (sbyte)v), shape),
        TensorElementType.Bool => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => v != 0), shape),
        TensorElementType.Float16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, v => (Float16)v), shape),
        _ => throw EdbException.Refused($"input '{name}' holds {type}, which edb does not feed to ONNX Runtime; use a model with float inputs"),
    };

    static float[]? ToFloats(OrtValue value)
    {
        if (!value.IsTensor) return null;
        return value.GetTensorTypeAndShape().ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Double => Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), v => (float)v),
            TensorElementType.Int64 => Array.ConvertAll(value.GetTensorDataAsSpan<long>().ToArray(), v => (float)v),
            TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (float)v),
            TensorElementType.UInt8 => Array.ConvertAll(value.GetTensorDataAsSpan<byte>().ToArray(), v => (float)v),
            TensorElementType.Int8 => Array.ConvertAll(value.GetTensorDataAsSpan<sbyte>().ToArray(), v => (float)v),
            TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), v => v ? 1f : 0f),
            TensorElementType.Float16 => Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), v => (float)v),
            _ => null,
        };
    }
}
