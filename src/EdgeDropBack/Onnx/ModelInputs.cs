using EdgeDropBack.Data;

namespace EdgeDropBack.Onnx;

/// <summary>What a caller has to feed: the inputs of a model that are no initializers.</summary>
static class ModelInputs
{
    public static IEnumerable<OnnxValueInfo> Of(OnnxModel model) => model.Graph.Inputs.Where(input => model.Graph.Initializer(input.Name) is null);

    /// <summary>The input of a model that can be trained.</summary>
    /// <exception cref="EdbException">Exit code 3: there is none, or more than one.</exception>
    public static OnnxValueInfo Only(OnnxModel model)
    {
        OnnxValueInfo[] inputs = [.. Of(model)];
        return inputs switch
        {
            [] => throw EdbException.Refused($"{model.Path}: the graph has no inputs; export the model again"),
            [{ Dims: { } dims } only] when OpenDims.BatchAxis(dims) is > 0 and var axis => throw EdbException.Refused($"{model.Path}: input "
                + $"'{Printable.Name(only.Name)}' is [{string.Join(", ", dims)}], with the batch on axis {axis}; training takes it on axis 0, so export the model with the batch first"),
            [var only] => only,
            _ => throw EdbException.Refused($"{model.Path}: the model has {inputs.Length} inputs ({Printable.List([.. inputs.Select(i => i.Name)])}), and training takes "
                + $"models with one; export it with {(inputs.Length == 2 ? $"'{Printable.Name(inputs[1].Name)}' as a constant" : "all but the first as constants")}"),
        };
    }
}
