using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>ONNX LayerNormalization and RMSNormalization over [rows, n]: x, scale [n], and for the former a shift [n] or none.</summary>
sealed class RowNormalizationOperator(bool centres, float epsilon, int rows, int n) : Operator
{
    public override string Type => centres ? "LayerNormalization" : "RMSNormalization";

    /// <summary>Means and inverse deviations; the latter only where nothing is centred.</summary>
    public override int SavedFloats(Node node) => centres ? 2 * rows : rows;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input < 2;

    public override void Forward(NodeContext c)
    {
        if (centres) LayerNorm.Forward(c.Input(0), c.Input(1), c.Input(2), epsilon, c.Output(), c.Saved[..rows], c.Saved[rows..], rows, n);
        else RmsNorm.Forward(c.Input(0), c.Input(1), epsilon, c.Output(), c.Saved, rows, n);
    }

    public override void Backward(NodeContext c)
    {
        if (centres)
            LayerNorm.Backward(c.Input(0), c.OutputGradient(), c.Input(1), c.Saved[..rows], c.Saved[rows..],
                c.InputGradient(0), c.InputGradient(1), c.InputGradient(2), rows, n);
        else RmsNorm.Backward(c.Input(0), c.OutputGradient(), c.Input(1), c.Saved, c.InputGradient(0), c.InputGradient(1), rows, n);
    }
}
