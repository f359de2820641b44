using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>Writes gradient tiles into the arena, for operands that are activations and not parameters.</summary>
sealed class MaterialisedGradient : GradientSink
{
    NodeContext? _context;
    PlannedBuffer? _target;
    int _columns;

    public MaterialisedGradient Into(PlannedBuffer target, NodeContext context, int columns)
    {
        (_target, _context, _columns) = (target, context, columns);
        return this;
    }

    public override void Tile(int worker, Span<float> tile, int stride, int row, int rows, int column, int columns)
    {
        var target = _context!.Floats(_target);
        for (var r = 0; r < rows; r++)
            tile.Slice(r * stride, columns).CopyTo(target[((row + r) * _columns + column)..]);
    }
}
