using EdgeDropBack.Planning;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX NegativeLogLikelihoodLoss: log probabilities [batch, classes, space], classes [batch, space] as whole numbers, weights [classes]
/// or absent. No gradient passes to the classes or the weights.
/// </summary>
sealed class NegativeLogLikelihoodOperator(LossReduction reduction, long? ignored, int batch, int classes, int space) : Operator
{
    public override string Type => "NegativeLogLikelihoodLoss";

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input > 0;

    public override void Forward(NodeContext c)
    {
        var x = c.Input(0);
        var targets = c.Input(1);
        var weights = c.Input(2);
        var y = c.Output();
        var (sum, total) = (0f, 0f);
        for (var i = 0; i < batch * space; i++)
        {
            var weight = Weight(c, targets[i], weights);
            var loss = weight == 0f ? 0f : -weight * x[At(i, (int)targets[i])];
            if (reduction == LossReduction.None) y[i] = loss;
            sum += loss;
            total += weight;
        }
        if (reduction != LossReduction.None) y[0] = reduction == LossReduction.Mean ? sum / total : sum;
    }

    public override void Backward(NodeContext c)
    {
        var targets = c.Input(1);
        var weights = c.Input(2);
        var dy = c.OutputGradient();
        var dx = c.InputGradient(0);
        c.InputGradient(1).Clear();
        c.InputGradient(2).Clear();
        if (dx.IsEmpty) return;
        dx.Clear();
        var total = 0f;
        for (var i = 0; i < batch * space; i++) total += Weight(c, targets[i], weights);
        for (var i = 0; i < batch * space; i++)
        {
            var weight = Weight(c, targets[i], weights);
            if (weight == 0f) continue;
            var gradient = reduction == LossReduction.None ? dy[i] : reduction == LossReduction.Mean ? dy[0] / total : dy[0];
            dx[At(i, (int)targets[i])] = -weight * gradient;
        }
    }

    int At(int i, int target) => (i / space * classes + target) * space + i % space;

    float Weight(NodeContext c, float target, ReadOnlySpan<float> weights)
    {
        if (target == ignored) return 0f;
        if (!(target >= 0f && target < classes))
            throw EdbException.Refused($"node {c.Node}: label {target} is outside 0 to {classes - 1}; correct it, or set ignore_index");
        return weights.IsEmpty ? 1f : weights[(int)target];
    }
}
