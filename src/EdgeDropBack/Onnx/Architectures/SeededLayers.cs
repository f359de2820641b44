namespace EdgeDropBack.Onnx;

/// <summary>
/// Writes a network layer after layer, its weights as calls of <see cref="BaseFunction"/>s. Every weight tensor has a number of its own,
/// in the order in which the layers are written.
/// </summary>
sealed class SeededLayers
{
    const string Batch = "N";

    readonly OnnxBuilder _model;
    readonly HashSet<BaseFunction> _used = [];
    readonly InitialScale _scale;
    readonly uint _seed;
    readonly int[] _input;
    string _value = "x";
    long _tensors;

    /// <param name="input">Shape of a sample.</param>
    public SeededLayers(string name, uint seed, InitialScale scale, ReadOnlySpan<int> input)
    {
        (_seed, _scale, _input) = (seed, scale, input.ToArray());
        Shape = _input;
        _model = new OnnxBuilder(name, BaseFunction.IrVersion, BaseFunction.Opset).Opset(BaseFunction.Domain, BaseFunction.DomainVersion);
        _model.Input(_value, OnnxDataType.Float, [Batch, .. Shape.Select(dim => (OnnxDim)dim)]);
    }

    /// <summary>Shape of a sample behind the last layer.</summary>
    public int[] Shape { get; private set; }

    /// <summary>What the last layer put out, to come back to it.</summary>
    public (string Value, int[] Shape) Here => (_value, Shape);

    public void GoTo((string Value, int[] Shape) place) => (_value, Shape) = place;

    public SeededLayers Flatten() => Add("Flatten", "flat", [Shape.Aggregate(1, (a, b) => checked(a * b))]);

    public SeededLayers Dense(string name, int outputs, bool bias = true)
    {
        var weights = Weights($"{name}.weight", Shape[0], outputs, outputs, Shape[0]);
        string[] inputs = bias ? [_value, weights, Filled($"{name}.bias", 0f, outputs)] : [_value, weights];
        _model.Node("Gemm", inputs, [name], name).Int("transB", 1);
        (_value, Shape) = (name, [outputs]);
        return this;
    }

    /// <summary>A square convolution whose output has the input's size over the stride.</summary>
    public SeededLayers Conv(string name, int channels, int kernel, int stride = 1, bool bias = false)
    {
        var area = kernel * kernel;
        var weights = Weights($"{name}.weight", Shape[0] * area, channels * area, channels, Shape[0], kernel, kernel);
        string[] inputs = bias ? [_value, weights, Filled($"{name}.bias", 0f, channels)] : [_value, weights];
        var pad = kernel / 2;
        _model.Node("Conv", inputs, [name], name).Ints("kernel_shape", kernel, kernel).Ints("strides", stride, stride)
            .Ints("pads", pad, pad, pad, pad);
        (_value, Shape) = (name, [channels, Strided(Shape[1], kernel, stride), Strided(Shape[2], kernel, stride)]);
        return this;
    }

    public SeededLayers BatchNorm(string name)
    {
        var channels = Shape[0];
        var values = new float[channels];
        var scale = Filled($"{name}.scale", 1f, channels);
        var shift = Filled($"{name}.shift", 0f, channels);
        _model.Initializer($"{name}.mean", values, channels);
        Array.Fill(values, 1f);
        _model.Initializer($"{name}.variance", values, channels);
        _model.Node("BatchNormalization", [_value, scale, shift, $"{name}.mean", $"{name}.variance"], [name], name);
        _value = name;
        return this;
    }

    public SeededLayers Relu(string name) => Add("Relu", name, Shape);

    public SeededLayers Dropout(string name, float ratio)
    {
        _model.Initializer($"{name}.ratio", [ratio]);
        _model.Node("Dropout", [_value, $"{name}.ratio"], [name], name);
        _value = name;
        return this;
    }

    /// <summary>Pooling over 2 x 2 with stride 2.</summary>
    /// <param name="opType">MaxPool or AveragePool.</param>
    public SeededLayers Pool(string opType, string name)
    {
        if (Shape[1] < 2 || Shape[2] < 2)
            throw EdbException.Usage($"--input is {string.Join('x', _input)}, and at '{name}' {Shape[1]}x{Shape[2]} of it are left to pool; give a larger one");
        _model.Node(opType, [_value], [name], name).Ints("kernel_shape", 2, 2).Ints("strides", 2, 2);
        (_value, Shape) = (name, [Shape[0], Shape[1] / 2, Shape[2] / 2]);
        return this;
    }

    /// <summary>The mean over all places, as a vector of channels.</summary>
    public SeededLayers GlobalPool(string name) => Add("GlobalAveragePool", name, [Shape[0], 1, 1]).Flatten();

    public SeededLayers Plus(string name, string other)
    {
        _model.Node("Add", [_value, other], [name], name);
        _value = name;
        return this;
    }

    /// <summary>Earlier channels in front of the last layer's.</summary>
    public SeededLayers Behind(string name, (string Value, int[] Shape) earlier)
    {
        _model.Node("Concat", [earlier.Value, _value], [name], name).Int("axis", 1);
        (_value, Shape) = (name, [earlier.Shape[0] + Shape[0], Shape[1], Shape[2]]);
        return this;
    }

    public OnnxBuilder Finish()
    {
        foreach (var function in BaseFunction.All.Where(_used.Contains)) BaseFunctionBodies.Add(_model, function, BaseFunction.Domain);
        return _model.Output(_value, OnnxDataType.Float, [Batch, .. Shape.Select(dim => (OnnxDim)dim)]);
    }

    string Weights(string name, long fanIn, long fanOut, params ReadOnlySpan<int> shape)
    {
        var function = _scale.IsUniform ? BaseFunction.Uniform : BaseFunction.Normal;
        Call(function, name, shape).Int(BaseFunction.Seed, _seed).Int(BaseFunction.Tensor, _tensors++)
            .Float(BaseFunction.Scale, _scale.Of(fanIn, fanOut));
        return name;
    }

    string Filled(string name, float value, int length)
    {
        Call(BaseFunction.Filled, name, [length]).Float(BaseFunction.Value, value);
        return name;
    }

    OnnxNodeBuilder Call(BaseFunction function, string name, ReadOnlySpan<int> shape)
    {
        long[] dims = [.. shape.ToArray().Select(dim => (long)dim)];
        _used.Add(function);
        _model.ValueInfo(name, OnnxDataType.Float, [.. dims.Select(dim => (OnnxDim)dim)]);
        return _model.Node(function.Name, [], [name], name, BaseFunction.Domain).Ints(BaseFunction.Shape, dims);
    }

    SeededLayers Add(string opType, string name, int[] shape)
    {
        _model.Node(opType, [_value], [name], name);
        (_value, Shape) = (name, shape);
        return this;
    }

    static int Strided(int size, int kernel, int stride) => (size + 2 * (kernel / 2) - kernel) / stride + 1;
}
