using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX ArgMax and ArgMin over the middle of [outer, n, inner]; no gradient passes an index.</summary>
sealed class ArgExtremeOperator(bool isMinimum, bool last, int outer, int n, int inner) : Operator
{
    public override string Type => isMinimum ? "ArgMin" : "ArgMax";

    public override bool StopsGradient => true;

    public override void Forward(NodeContext c)
    {
        var x = c.Input(0);
        var y = c.Output();
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var best = 0;
                for (var k = 1; k < n; k++)
                {
                    var (value, leader) = (x[(o * n + k) * inner + i], x[(o * n + best) * inner + i]);
                    if ((isMinimum ? value < leader : value > leader) || (last && value == leader)) best = k;
                }
                y[o * inner + i] = best;
            }
        }
    }
}
