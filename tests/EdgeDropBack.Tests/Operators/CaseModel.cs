using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>
/// A model with one input of one number, 1, and as many parameters as a case asks for: read directly by the operator under test, or made
/// an activation by a multiplication with the input, so that the gradient towards the operator's inputs is seen at a parameter too.
/// </summary>
sealed class CaseModel
{
    readonly OnnxBuilder _builder;
    readonly HashSet<string> _operators = new(StringComparer.Ordinal);
    int _seed;

    public CaseModel(long opset, int seed = 0)
    {
        _seed = seed;
        _builder = new OnnxBuilder("case", opset: opset);
        _builder.Input("one", OnnxDataType.Float, 1);
        _builder.Output("y", OnnxDataType.Float);
    }

    public IReadOnlyCollection<string> Operators => _operators;

    /// <summary>An initializer with distinct values between the bounds, evenly spaced, in shuffled order.</summary>
    public string Weight(string name, long[] dims, float low = -2f, float high = 2f)
    {
        _builder.Initializer(name, Values((int)dims.Aggregate(1L, (a, b) => a * b), low, high), dims);
        return name;
    }

    /// <summary>The same as a 16-bit initializer.</summary>
    public string Weight(string name, OnnxDataType type, long[] dims)
    {
        var values = Values((int)dims.Aggregate(1L, (a, b) => a * b), -2f, 2f);
        var raw = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var bits = type == OnnxDataType.Float16
                ? BitConverter.HalfToUInt16Bits((Half)values[i])
                : (ushort)(BitConverter.SingleToUInt32Bits(values[i]) >> 16);
            BitConverter.TryWriteBytes(raw.AsSpan(2 * i), bits);
        }
        _builder.Initializer(name, type, raw, dims);
        return name;
    }

    /// <summary>Such values as a computed value.</summary>
    public string Activation(string name, long[] dims, float low = -2f, float high = 2f)
    {
        _builder.Node("Mul", [Weight(name + ".p", dims, low, high), "one"], [name]);
        return name;
    }

    public string Ints(string name, params long[] values)
    {
        _builder.Initializer(name, values, values.Length);
        return name;
    }

    public string Ints32(string name, params int[] values)
    {
        _builder.Initializer(name, OnnxDataType.Int32, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()), values.Length);
        return name;
    }

    public string Scalar(string name, float value)
    {
        _builder.Initializer(name, [value]);
        return name;
    }

    public string IntScalar(string name, long value)
    {
        _builder.Initializer(name, new[] { value });
        return name;
    }

    /// <summary>The operator under test, writing "y".</summary>
    public OnnxNodeBuilder Op(string type, params string[] inputs) => Node(type, inputs, "y");

    public OnnxNodeBuilder Node(string type, string[] inputs, params string[] outputs)
    {
        _operators.Add(type);
        return _builder.Node(type, inputs, outputs);
    }

    public byte[] ToBytes() => _builder.ToBytes();

    public OnnxModel Open() => OnnxModel.Open(ToBytes());

    internal float[] Values(int count, float low, float high)
    {
        var order = Enumerable.Range(0, count).ToArray();
        var state = (uint)(0x9E3779B9 * ++_seed);
        for (var i = count - 1; i > 0; i--)
        {
            state = state * 1664525u + 1013904223u;
            var other = (int)((state >> 8) % (uint)(i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }
        return [.. order.Select(i => low + (i + 0.5f) / count * (high - low))];
    }
}
