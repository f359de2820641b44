using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX GatherElements: y[i, j, k] = x[i, index[i, j, k], k] for axis 1; the indices have x's rank.</summary>
sealed class GatherElementsOperator(Shape x, Shape indices, int axis) : Operator
{
    public override string Type => "GatherElements";

    public override int SavedFloats(Node node) => indices.Count;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => false;

    public override long MultiplyAdds(Node node) => 0;

    public override void Forward(NodeContext c)
    {
        var at = c.SavedIntegers;
        WholeNumbers.Indices(c, c.Input(1), x[axis], at);
        var from = c.Input(0);
        var to = c.Output();
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = Source(i, at[i]);
            to[i] = from[at[i]];
        }
    }

    public override void Backward(NodeContext c)
    {
        c.InputGradient(1).Clear();
        if (!c.Wants(0)) return;
        var at = c.SavedIntegers;
        var dy = c.OutputGradient();
        var dx = c.InputGradient(0);
        dx.Clear();
        for (var i = 0; i < at.Length; i++) dx[at[i]] += dy[i];
    }

    int Source(int i, int index)
    {
        var (source, stride) = (0, 1);
        for (var d = x.Rank - 1; d >= 0; d--)
        {
            source += (d == axis ? index : i % indices[d]) * stride;
            i /= indices[d];
            stride *= x[d];
        }
        return source;
    }
}
