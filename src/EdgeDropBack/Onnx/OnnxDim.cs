namespace EdgeDropBack.Onnx;

/// <summary>One dimension of a declared shape: a number, a symbol such as <c>N</c>, or neither (unknown).</summary>
readonly record struct OnnxDim(long? Value, string? Symbol)
{
    public static implicit operator OnnxDim(long value) => new(value, null);

    public static implicit operator OnnxDim(int value) => new(value, null);

    public static implicit operator OnnxDim(string symbol) => new(null, symbol);

    /// <summary>The number, or what a symbol stands for; null where neither says.</summary>
    public long? In(IReadOnlyDictionary<string, int>? symbols)
        => Value ?? (Symbol is { } name && symbols is not null && symbols.TryGetValue(name, out var size) ? size : null);

    public override string ToString() => Value?.ToString() ?? Symbol ?? "?";
}
