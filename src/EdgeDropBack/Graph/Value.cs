namespace EdgeDropBack.Graphs;

/// <summary>What a node reads or writes: a float32 tensor of known shape.</summary>
sealed class Value(int id, string name, Shape shape, ValueKind kind)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public ValueKind Kind { get; } = kind;

    /// <summary>The parameter behind a value of kind <see cref="ValueKind.Parameter"/>.</summary>
    public Parameter? Parameter { get; init; }

    /// <summary>The numbers of a value of kind <see cref="ValueKind.Constant"/>.</summary>
    public float[]? Constant { get; init; }

    public override string ToString() => $"{Name} {Shape}";
}
