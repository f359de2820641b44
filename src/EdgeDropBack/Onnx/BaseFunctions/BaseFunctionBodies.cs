using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>
/// <see cref="IndexedRandom"/> in standard operators. Words of 32 bits are int64; a multiplier is given as its negative remainder modulo
/// 2^32, which keeps every product below 2^63, and BitwiseAnd brings it back into the word. BitShift takes unsigned numbers only.
/// </summary>
static class BaseFunctionBodies
{
    const long Word = 0xFFFFFFFF;
    const long MultiplierA = 0x85EBCA6B - (Word + 1), MultiplierB = 0xC2B2AE35 - (Word + 1);
    const long Weyl = 0x9E3779B9;

    /// <param name="domain">That of the calls.</param>
    public static void Add(OnnxBuilder model, BaseFunction function, string domain)
        => Write(model.Function(domain, function.Name, [], ["weights"], function.Attributes), function);

    /// <summary>A function for a model that imports <see cref="BaseFunction.Domain"/>.</summary>
    public static OnnxFunctionBuilder Build(BaseFunction function)
    {
        var builder = new OnnxFunctionBuilder(BaseFunction.Domain, function.Name, [], ["weights"], function.Attributes, BaseFunction.Opset);
        Write(builder, function);
        return builder;
    }

    static void Write(OnnxFunctionBuilder builder, BaseFunction function)
    {
        var body = new Body(builder);
        var shape = body.Attribute("value_ints", OnnxAttributeType.Ints, BaseFunction.Shape, "shape");
        if (function.Distribution == Distribution.Constant)
        {
            var value = body.Attribute("value_float", OnnxAttributeType.Float, BaseFunction.Value, "value");
            body.Node("Expand", [value, shape], "weights");
            return;
        }
        var seed = body.Attribute("value_int", OnnxAttributeType.Int, BaseFunction.Seed, "seed");
        var tensor = body.Attribute("value_int", OnnxAttributeType.Int, BaseFunction.Tensor, "tensor");
        var scale = body.Attribute("value_float", OnnxAttributeType.Float, BaseFunction.Scale, "scale");
        var hash = Hash(body, seed, tensor, shape);
        var isUniform = function.Distribution == Distribution.Uniform;
        var centred = isUniform ? CentredUniform(body, hash) : CentredNormal(body, hash);
        var multiplier = isUniform ? UniformMultiplier(body, scale) : NormalMultiplier(body, scale);
        var values = body.Node("Mul", [body.Cast(centred, OnnxDataType.Float), multiplier], "values");
        body.Node("Reshape", [values, shape], "weights");
    }

    /// <summary>[elements] hashes of the flat indices; a file's tensors have fewer than 2^32 elements, so that the upper word is 0.</summary>
    static string Hash(Body body, string seed, string tensor, string shape)
    {
        var stream = Mix(body, body.Masked(body.Node("Add", [tensor, body.Int(Weyl)])));
        var before = Mix(body, body.Node("BitwiseXor", [seed, stream]));
        var between = Mix(body, body.Masked(body.Node("Add", [before, body.Int(Weyl)])));
        var count = body.Node("ReduceProd", [shape]);
        body.Last.Int("keepdims", 0);
        var index = body.Node("Range", [body.Int(0), count, body.Int(1)]);
        var first = Multiplied(body, Folded(body, body.Node("BitwiseXor", [index, before]), 16), MultiplierA);
        var keyed = body.Node("BitwiseXor", [Folded(body, first, 13), between]);
        return Folded(body, Multiplied(body, keyed, MultiplierB), 16);
    }

    /// <summary>MurmurHash3's 32-bit finaliser.</summary>
    static string Mix(Body body, string word)
    {
        var first = Multiplied(body, Folded(body, word, 16), MultiplierA);
        return Folded(body, Multiplied(body, Folded(body, first, 13), MultiplierB), 16);
    }

    static string Folded(Body body, string word, int bits) => body.Node("BitwiseXor", [word, body.Shifted(word, bits)]);

    static string Multiplied(Body body, string word, long multiplier) => body.Masked(body.Node("Mul", [word, body.Int(multiplier)]));

    /// <summary>The sum of the hash's four bytes less its mean.</summary>
    static string CentredNormal(Body body, string hash)
    {
        var sum = body.Node("BitwiseAnd", [hash, body.Int(0xFF)]);
        foreach (var bits in (int[])[8, 16, 24])
            sum = body.Node("Add", [sum, body.Node("BitwiseAnd", [body.Shifted(hash, bits), body.Int(0xFF)])]);
        return body.Node("Sub", [sum, body.Int(510)]);
    }

    /// <summary>Twice the hash's upper 24 bits less their mean.</summary>
    static string CentredUniform(Body body, string hash)
        => body.Node("Sub", [body.Node("Mul", [body.Shifted(hash, 8), body.Int(2)]), body.Int((1 << 24) - 1)]);

    /// <summary>The scale over the standard deviation of the sum of four bytes, divided in double precision.</summary>
    static string NormalMultiplier(Body body, string scale)
    {
        var deviation = body.Node("Sqrt", [body.Cast(body.Int(21845), OnnxDataType.Double)]);
        return body.Cast(body.Node("Div", [body.Cast(scale, OnnxDataType.Double), deviation]), OnnxDataType.Float);
    }

    static string UniformMultiplier(Body body, string scale)
        => body.Node("Div", [scale, body.Cast(body.Int(1 << 24), OnnxDataType.Float)]);

    /// <summary>A function body whose values are numbered as they come.</summary>
    sealed class Body(OnnxFunctionBuilder function)
    {
        readonly Dictionary<long, string> _ints = [];
        int _values;

        public OnnxNodeBuilder Last { get; private set; } = null!;

        public string Node(string opType, IEnumerable<string> inputs, string? output = null)
        {
            output ??= $"v{_values++}";
            Last = function.Node(opType, inputs, [output]);
            return output;
        }

        public string Attribute(string kind, OnnxAttributeType type, string name, string output)
        {
            Node("Constant", [], output);
            Last.Reference(kind, type, name);
            return output;
        }

        public string Int(long value)
        {
            if (_ints.TryGetValue(value, out var known)) return known;
            var output = _ints[value] = Node("Constant", []);
            Last.Int("value_int", value);
            return output;
        }

        public string Cast(string value, OnnxDataType to)
        {
            var output = Node("Cast", [value]);
            Last.Int("to", (long)to);
            return output;
        }

        public string Masked(string value) => Node("BitwiseAnd", [value, Int(Word)]);

        public string Shifted(string word, int bits)
        {
            var shifted = Node("BitShift", [Cast(word, OnnxDataType.UInt64), Unsigned(bits)]);
            Last.String("direction", "RIGHT");
            return Cast(shifted, OnnxDataType.Int64);
        }

        string Unsigned(int bits)
        {
            var key = -1L - bits;
            if (_ints.TryGetValue(key, out var known)) return known;
            return _ints[key] = Cast(Int(bits), OnnxDataType.UInt64);
        }
    }
}
