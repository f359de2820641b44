using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>The second output of ONNX MaxPool: places of the maxima as flat indices of x, rows or columns first.</summary>
sealed class MaxPoolIndicesOperator(PoolShape shape, bool columnsFirst) : Operator
{
    public override string Type => "MaxPool";

    public override bool StopsGradient => true;

    /// <summary>The maxima, then their places.</summary>
    public override int WorkspaceFloats(Node node) => 2 * node.Outputs[0].Shape.Count;

    public override void Forward(NodeContext c)
    {
        var y = c.Output();
        var places = System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(c.Workspace[y.Length..]);
        MaxPool.Forward(c.Input(0), c.Workspace[..y.Length], places, shape);
        for (var i = 0; i < y.Length; i++)
        {
            var place = columnsFirst ? places[i] % shape.InWidth * shape.InHeight + places[i] / shape.InWidth : places[i];
            y[i] = i / shape.OutPlane * shape.InPlane + place;
        }
    }
}
