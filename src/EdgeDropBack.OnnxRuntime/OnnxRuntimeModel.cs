using EdgeDropBack.Onnx;
using EdgeDropBack.Prefixes;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace EdgeDropBack.OnnxRuntime;

/// <summary>A model in Microsoft.ML.OnnxRuntime on one thread, its tensors as floats.</summary>
sealed class OnnxRuntimeModel : IPrefix
{
    const int GraphField = 7, OutputField = 12, NameField = 1;

    readonly InferenceSession _session;
    readonly RunOptions _run = new();

    readonly IReadOnlyList<string> _wanted;

    OnnxRuntimeModel(InferenceSession session, IReadOnlyList<string>? wanted = null) => (_session, _wanted) = (session, wanted ?? session.OutputNames);

    /// <summary>Outputs by name, in the model's order.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Loads a model.</summary>
    /// <param name="extraOutputs">Values inside the graph that become outputs too. The graph is then run as it is written, not optimised.</param>
    /// <param name="asWritten">The same without further outputs: optimised, quantized layers are computed in integers.</param>
    /// <param name="rewritten">
    /// The file's content where it is not to be run as it is: with its nodes sorted, since ONNX Runtime refuses some that are not, or in inference mode.
    /// </param>
    /// <exception cref="EdbException">Exit code 3: the native library is missing, or ONNX Runtime refuses the model.</exception>
    public static OnnxRuntimeModel Open(string path, IReadOnlyCollection<string> extraOutputs, bool asWritten = false, byte[]? rewritten = null) => Load(path, options =>
    {
        if (asWritten || extraOutputs.Count > 0) options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        if (extraOutputs.Count == 0) return new(rewritten is null ? new InferenceSession(path, options) : new InferenceSession(rewritten, options));
        return new(new InferenceSession(WithOutputs(rewritten ?? File.ReadAllBytes(path), extraOutputs), options));
    });

    /// <summary>Loads a model from memory.</summary>
    /// <param name="path">Where it was cut from: named in errors, and its folder holds external data.</param>
    /// <param name="outputs">What a run computes, in this order.</param>
    /// <exception cref="EdbException">Exit code 3: the native library is missing, or ONNX Runtime refuses the model.</exception>
    internal static OnnxRuntimeModel Open(byte[] model, string path, IReadOnlyList<string> outputs)
        => Load(path, options => new(new InferenceSession(model, options), outputs));

    static OnnxRuntimeModel Load(string path, Func<SessionOptions, OnnxRuntimeModel> create)
    {
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(path))!);
            return create(options);
        }
        catch (OnnxRuntimeException e)
        {
            throw EdbException.Refused($"{path}: ONNX Runtime refuses it: {e.Message}", e);
        }
        catch (Exception e) when (e is DllNotFoundException || e.InnerException is DllNotFoundException)
        {
            throw PrefixRuntimes.Missing(e);
        }
    }

    /// <summary>One run.</summary>
    /// <param name="inputs">Values and whole shape by input name; converted to the type that the model takes.</param>
    /// <returns>Outputs in the order of <see cref="Outputs"/>; null for one that is no tensor of numbers.</returns>
    public IReadOnlyList<float[]?> Run(IReadOnlyList<(string Name, float[] Values, long[] Shape)> inputs)
        => Run([.. inputs.Select(input => (input.Name, input.Values.AsMemory(), input.Shape))], (_, value) => ToFloats(value));

    /// <inheritdoc/>
    public IReadOnlyList<PrefixTensor> Run(string input, Memory<float> values, int[] shape) => Run([(input, values, Dims(shape))], (_, value) => ToTensor(value));

    /// <inheritdoc/>
    public void Run(string input, Memory<float> values, int[] shape, PrefixOutput take) => Run([(input, values, Dims(shape))], (output, value) =>
    {
        if (value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float) take(output, value.GetTensorDataAsSpan<float>());
        else take(output, ToTensor(value).Values);
        return true;
    });

    T[] Run<T>(IReadOnlyList<(string Name, Memory<float> Values, long[] Shape)> inputs, Func<int, OrtValue, T> take)
    {
        var names = inputs.Select(input => input.Name).ToArray();
        var values = new List<OrtValue>();
        try
        {
            foreach (var (name, numbers, shape) in inputs)
                values.Add(ToOrt(name, _session.InputMetadata[name].ElementDataType, numbers, shape));
            using var results = _session.Run(_run, names, values, _wanted);
            return [.. results.Select((value, output) => take(output, value))];
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

    static long[] Dims(int[] shape) => Array.ConvertAll(shape, dim => (long)dim);

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    /// <summary>A protobuf message that follows another one is merged into it, so outputs are added by appending to the file's bytes.</summary>
    static byte[] WithOutputs(byte[] model, IReadOnlyCollection<string> names)
    {
        var graph = new ProtoWriter();
        foreach (var name in names) graph.Message(OutputField, new ProtoWriter().String(NameField, name));
        using var stream = new MemoryStream();
        stream.Write(model);
        new ProtoWriter().Message(GraphField, graph).WriteTo(stream);
        return stream.ToArray();
    }

    static OrtValue ToOrt(string name, TensorElementType type, Memory<float> values, long[] shape) => type switch
    {
        TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values, shape),
        TensorElementType.Double => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (double)v), shape),
        TensorElementType.Int64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (long)v), shape),
        TensorElementType.Int32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (int)v), shape),
        TensorElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (byte)v), shape),
        TensorElementType.Int8 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (sbyte)v), shape),
        TensorElementType.Bool => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => v != 0), shape),
        TensorElementType.Float16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (Float16)v), shape),
        TensorElementType.Int16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (short)v), shape),
        TensorElementType.UInt16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (ushort)v), shape),
        TensorElementType.UInt32 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (uint)v), shape),
        TensorElementType.UInt64 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (ulong)v), shape),
        TensorElementType.BFloat16 => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values.ToArray(), v => (BFloat16)v), shape),
        _ => throw EdbException.Refused($"input '{name}' holds {type}, which edb does not feed to ONNX Runtime; use a model with float inputs"),
    };

    static PrefixTensor ToTensor(OrtValue value)
    {
        if (ToFloats(value) is not { } floats)
            throw EdbException.Refused("ONNX Runtime gives a value that is no tensor of numbers; cut the model elsewhere (--train-from)");
        var (type, shape) = (value.GetTensorTypeAndShape().ElementDataType, Array.ConvertAll(value.GetTensorTypeAndShape().Shape, dim => checked((int)dim)));
        return type switch
        {
            TensorElementType.Int64 => new(OnnxDataType.Int64, shape, floats, value.GetTensorDataAsSpan<long>().ToArray()),
            TensorElementType.Int32 => new(OnnxDataType.Int32, shape, floats, Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (long)v)),
            TensorElementType.UInt8 => new(OnnxDataType.UInt8, shape, floats),
            TensorElementType.Int8 => new(OnnxDataType.Int8, shape, floats),
            TensorElementType.Bool => new(OnnxDataType.Bool, shape, floats),
            TensorElementType.Double => new(OnnxDataType.Double, shape, floats),
            TensorElementType.Float16 => new(OnnxDataType.Float16, shape, floats),
            _ => new(OnnxDataType.Float, shape, floats),
        };
    }

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
            TensorElementType.Int16 => Array.ConvertAll(value.GetTensorDataAsSpan<short>().ToArray(), v => (float)v),
            TensorElementType.UInt16 => Array.ConvertAll(value.GetTensorDataAsSpan<ushort>().ToArray(), v => (float)v),
            TensorElementType.UInt32 => Array.ConvertAll(value.GetTensorDataAsSpan<uint>().ToArray(), v => (float)v),
            TensorElementType.UInt64 => Array.ConvertAll(value.GetTensorDataAsSpan<ulong>().ToArray(), v => (float)v),
            TensorElementType.BFloat16 => Array.ConvertAll(value.GetTensorDataAsSpan<BFloat16>().ToArray(), v => (float)v),
            TensorElementType.Float16 => Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), v => (float)v),
            _ => null,
        };
    }
}
