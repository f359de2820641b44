using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>The optional outputs of LayerNormalization: means, or inverse standard deviations, of the rows of [rows, n].</summary>
sealed class RowStatisticsOperator(bool inverses, float epsilon, int n) : Operator
{
    public override string Type => "LayerNormalization";

    public override bool HasGradient => false;

    public override void Forward(NodeContext c)
    {
        var x = c.Input(0);
        var y = c.Output();
        for (var r = 0; r < y.Length; r++)
        {
            var row = x.Slice(r * n, n);
            var mean = Kernels.Reduction.Sum8(row) / n;
            var variance = 0f;
            foreach (var value in row) variance = MathF.FusedMultiplyAdd(value - mean, value - mean, variance);
            y[r] = inverses ? 1f / MathF.Sqrt(variance / n + epsilon) : mean;
        }
    }
}
