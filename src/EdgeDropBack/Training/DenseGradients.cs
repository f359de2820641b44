using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>Keeps whole gradients: for the dense baseline and for checking against other frameworks.</summary>
sealed class DenseGradients : ParameterGradients
{
    readonly Sink?[] _sinks;

    /// <param name="parameters">Those whose gradient is kept.</param>
    /// <param name="parameterCount">Number of parameters of the graph.</param>
    public DenseGradients(IReadOnlyList<Parameter> parameters, int parameterCount)
    {
        _sinks = new Sink?[parameterCount];
        foreach (var parameter in parameters) _sinks[parameter.Ordinal] = new Sink(parameter);
    }

    public override bool IsSampled => false;

    /// <summary>The gradient of the last backward, in the parameter's own order.</summary>
    public float[] this[Parameter parameter] => _sinks[parameter.Ordinal]!.Gradient;

    public override GradientSink Tiles(Parameter parameter) => _sinks[parameter.Ordinal]!;

    sealed class Sink(Parameter parameter) : GradientSink
    {
        public float[] Gradient { get; } = new float[parameter.Count];

        public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
        {
            for (var r = 0; r < rows; r++)
                tile.Slice(r * stride, columns).CopyTo(Gradient.AsSpan((row + r) * parameter.Columns + column));
        }

        public override void BeginRows() => Gradient.AsSpan().Clear();

        public override void Row(Span<float> gradient, int row) => gradient.CopyTo(Gradient.AsSpan(row * parameter.Columns));
    }
}
