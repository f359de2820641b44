using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>A trainable tensor: a base that is never copied. What training changed of it is in the store.</summary>
sealed class Parameter(int ordinal, string name, Shape shape, ParameterBase @base)
{
    /// <summary>Place in the graph's list of parameters; part of the order in which equal scores are ranked.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>The initializer's name in the ONNX file.</summary>
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public ParameterBase Base { get; internal set; } = @base;

    public int Count => Shape.Count;

    /// <summary>What the parameter is to the node that reads it.</summary>
    public ParameterRole Role { get; internal set; } = ParameterRole.Other;

    /// <summary>Nodes that read it; training changes a parameter for all of them.</summary>
    public int Readers { get; internal set; }

    /// <summary>Read through a weight source while packing, so that its gradient comes in tiles of [Rows, Columns].</summary>
    public bool IsMatrix { get; internal set; }

    /// <summary>Leading dimensions that count as rows of the matrix.</summary>
    internal int RowDims { get; set; } = 1;

    /// <summary>Rows of the matrix whose gradient tiles are formed: the first dimensions, or 1 where it is no matrix.</summary>
    public int Rows => IsMatrix ? Shape.Product(0, RowDims) : 1;

    /// <summary>Columns of that matrix; Rows x Columns = Count.</summary>
    public int Columns => Rows == 0 ? 0 : Count / Rows;

    /// <summary>The parameter's values as kernels read them, without anything tracked.</summary>
    public WeightSource Source() => Base.Source(Count);

    public override string ToString() => $"{Name} {Shape}";
}
