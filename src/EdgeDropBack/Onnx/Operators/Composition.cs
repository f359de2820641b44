using EdgeDropBack.Graphs;

namespace EdgeDropBack.Onnx;

/// <summary>An operator written as the nodes that it stands for, each imported under a name of its own.</summary>
sealed class Composition(NodeImport n)
{
    /// <summary>The operator set that the nodes are written in.</summary>
    const int Opset = 18;

    int _names;

    public Shape Shape(string value) => n.Builder.Find(value).Shape;

    public string Constant(params ReadOnlySpan<long> values) => Bind(Operand.Of(ConstantTensor.Integers(values)));

    public string Constant(float value) => Bind(Operand.Of(new ConstantTensor(OnnxDataType.Float, Graphs.Shape.Scalar, [value])));

    public string Constant(ConstantTensor constant) => Bind(Operand.Of(constant));

    public string Node(string opType, string[] inputs, params OnnxAttribute[] attributes)
    {
        var output = Name();
        Import(opType, inputs, [output], attributes);
        return output;
    }

    public string Reshape(string value, params ReadOnlySpan<int> dims)
    {
        if (Shape(value).Dims.AsSpan().SequenceEqual(dims)) return value;
        var shape = new long[dims.Length];
        for (var i = 0; i < dims.Length; i++) shape[i] = dims[i];
        return Node("Reshape", [value, Constant(shape)], Int("allowzero", 1));
    }

    public string Transpose(string value, params int[] permutation)
    {
        for (var i = 0; i < permutation.Length; i++)
            if (permutation[i] != i) return Node("Transpose", [value], Ints("perm", permutation));
        return value;
    }

    /// <summary>The value is output <paramref name="output"/> of the operator.</summary>
    public void Give(int output, string value)
    {
        if (n.Gives(output)) n.Builder.Rename(value, n.Node.Outputs[output]);
    }

    public static OnnxAttribute Int(string name, long value) => new() { Name = name, Type = OnnxAttributeType.Int, Int = value };

    public static OnnxAttribute Ints(string name, params int[] values)
        => new() { Name = name, Type = OnnxAttributeType.Ints, Ints = [.. values.Select(v => (long)v)] };

    void Import(string opType, string[] inputs, string[] outputs, OnnxAttribute[] attributes)
    {
        var node = new OnnxNode(n.Node.File, n.Node.Ordinal, $"{n.Name}/{opType}_{_names}", opType, "", "", inputs, outputs, attributes);
        OperatorRegistry.Find("", opType)!(new NodeImport(n.Builder, node, Opset));
    }

    public string Bind(Operand operand)
    {
        var name = Name();
        n.Builder.Bind(name, operand);
        return name;
    }

    string Name() => $"{n.Name}/{n.Node.Outputs.FirstOrDefault(output => output.Length > 0)}/{_names++}";
}
