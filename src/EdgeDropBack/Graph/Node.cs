namespace EdgeDropBack.Graphs;

/// <summary>One operator at work: what it reads, what it writes.</summary>
sealed class Node(string name, Operator @operator, Value?[] inputs, Value[] outputs)
{
    public string Name { get; } = name;

    public Operator Operator { get; } = @operator;

    /// <summary>Inputs by ONNX position; null where an optional one is absent.</summary>
    public IReadOnlyList<Value?> Inputs { get; } = inputs;

    public IReadOnlyList<Value> Outputs { get; } = outputs;

    public override string ToString() => $"{Operator.Type} '{Name}'";
}
