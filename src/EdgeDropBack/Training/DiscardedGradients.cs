using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Training;

/// <summary>Forms all gradients and keeps none.</summary>
sealed class DiscardedGradients : ParameterGradients
{
    readonly Sink _sink = new();

    public override bool IsSampled => false;

    public override GradientSink Tiles(Parameter parameter) => _sink;

    sealed class Sink : GradientSink
    {
        public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
        {
        }
    }
}
