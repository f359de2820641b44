using EdgeDropBack.Graphs;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>Inputs and expected outputs of one test_data_set folder.</summary>
sealed class NodeTestVectors : IDisposable
{
    readonly List<TensorFile> _files = [];

    public NodeTestVectors(OnnxModel model, string set)
    {
        OnnxValueInfo[] given = [.. model.Graph.Inputs.Where(info => model.Graph.Initializer(info.Name) is null)];
        Inputs = [.. given.Select((info, i) => (info.Name, Open(set, $"input_{i}.pb"), info.ElementType))];
        Outputs = [.. model.Graph.Outputs.Select((info, i) => (info.Name, Open(set, $"output_{i}.pb"), info.ElementType))];
    }

    public IReadOnlyList<(string Name, OnnxTensor Tensor, OnnxDataType Type)> Inputs { get; }

    public IReadOnlyList<(string Name, OnnxTensor Tensor, OnnxDataType Type)> Outputs { get; }

    /// <summary>The vectors of bfloat16 tests hold its bits as uint16, since numpy has no such type.</summary>
    public static float[] Floats((string Name, OnnxTensor Tensor, OnnxDataType Type) vector)
    {
        if (vector.Type != OnnxDataType.BFloat16 || vector.Tensor.DataType != OnnxDataType.UInt16) return vector.Tensor.ReadFloats();
        var floats = new float[vector.Tensor.ElementCount];
        TensorConversion.ToFloats(vector.Type, vector.Tensor.Raw, 0, floats);
        return floats;
    }

    public string? Difference(IReadOnlyList<(Shape Shape, float[] Values)> ours)
    {
        for (var o = 0; o < Outputs.Count; o++)
        {
            var (name, expected, type) = Outputs[o];
            if (!ours[o].Shape.Dims.Select(dim => (long)dim).SequenceEqual(expected.Dims))
                return $"differs: output '{name}' has shape {ours[o].Shape}, expected [{string.Join(", ", expected.Dims)}]";
            if (Closeness.Difference(name, ours[o].Values, Floats(Outputs[o]), type) is { } difference) return difference;
        }
        return null;
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    OnnxTensor Open(string set, string name)
    {
        _files.Add(TensorFile.Open(Path.Combine(set, name)));
        return _files[^1].Tensor;
    }
}
