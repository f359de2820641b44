using System.Collections.Immutable;

namespace EdgeDropBack.Graphs;

/// <summary>The dimensions of a value, all known. Row-major: the last dimension is contiguous.</summary>
sealed class Shape : IEquatable<Shape>
{
    /// <summary>A single number.</summary>
    public static readonly Shape Scalar = new([]);

    /// <param name="dims">Dimensions, none negative; their product must fit an array index.</param>
    public Shape(params ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (var dim in dims)
        {
            if (dim < 0) throw new ArgumentOutOfRangeException(nameof(dims), dim, "a dimension is negative");
            count *= dim;
            if (count > int.MaxValue) throw EdbException.Refused(
                $"shape [{string.Join(", ", dims.ToArray())}] has more than {int.MaxValue} elements; use a smaller batch or input size");
        }
        Dims = [.. dims];
        Count = (int)count;
    }

    public ImmutableArray<int> Dims { get; }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    public int Rank => Dims.Length;

    /// <exception cref="ArgumentOutOfRangeException">There is no such dimension; importers refuse the node then.</exception>
    public int this[int dim] => (uint)dim < (uint)Rank ? Dims[dim] : throw new ArgumentOutOfRangeException(nameof(dim), $"shape {this} has no dimension {dim}");

    public int this[Index dim] => this[dim.GetOffset(Rank)];

    /// <summary>Product of the dimensions in [from, to).</summary>
    public int Product(int from, int to)
    {
        var product = 1;
        for (var i = from; i < to; i++) product *= Dims[i];
        return product;
    }

    /// <summary>A dimension index of ONNX, where negative ones count from the end, as a plain index.</summary>
    public int Axis(long axis)
    {
        var plain = axis < 0 ? axis + Rank : axis;
        if (plain < 0 || plain >= Math.Max(Rank, 1)) throw EdbException.Refused($"axis {axis} is outside shape {this} of rank {Rank}");
        return (int)plain;
    }

    public int[] ToArray() => [.. Dims];

    public bool Equals(Shape? other) => other is not null && Dims.AsSpan().SequenceEqual(other.Dims.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode()
    {
        var hash = 17;
        foreach (var dim in Dims) hash = unchecked(hash * 31 + dim);
        return hash;
    }

    public override string ToString() => $"[{string.Join(", ", Dims)}]";
}
