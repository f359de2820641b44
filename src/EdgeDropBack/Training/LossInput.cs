using EdgeDropBack.Graphs;

namespace EdgeDropBack.Training;

/// <summary>Finds what a loss is taken on.</summary>
static class LossInput
{
    /// <summary>The trained output; for the losses on logits, what goes into the Softmax, LogSoftmax or Sigmoid that the model ends in.</summary>
    /// <exception cref="EdbException">Exit code 3: the output is not [batch, outputs], or nothing trainable leads to it.</exception>
    public static Value Of(Graph graph, LossKind loss)
    {
        var output = graph.TrainedOutput ?? graph.Outputs[0];
        var seen = output;
        var last = Producer(graph, seen);
        while (last?.Operator is { IsView: true } or QuantizationOperator) last = Producer(graph, seen = last.Inputs[0]!);
        if (loss == LossKind.CrossEntropy && last?.Operator is SoftmaxOperator softmax)
        {
            if (!softmax.IsOverSamples(graph.Batch))
                throw EdbException.Refused($"node {last} normalizes other than the outputs of one sample, and loss ce needs one class a sample; "
                    + "choose another --loss, or a model with one output row a sample");
            output = last.Inputs[0]!;
        }
        else if (loss == LossKind.BinaryCrossEntropy && last?.Operator is UnaryOperator { Type: "Sigmoid" }) output = last.Inputs[0]!;
        else if (Other(loss, last?.Operator) is { } fitting)
            throw EdbException.Refused($"the model ends in node {last}, which loss {Name(loss)} does not fit; give --loss {Name(fitting)}");
        var shape = output.Shape;
        if (shape.Rank < 1 || shape[0] != graph.Batch || (loss == LossKind.CrossEntropy && !IsOneRowASample(shape)))
            throw EdbException.Refused($"output '{output.Name}'{(last is null ? "" : $" of node {last}")} has shape {shape}, which does not fit loss {Name(loss)}: "
                + $"expected [{graph.Batch}, classes]; choose another --loss, or a model with one output row a sample");
        return output;
    }

    /// <summary>The loss on logits that goes with what the model ends in; null where the one that was asked for may go with it.</summary>
    static LossKind? Other(LossKind loss, Operator? last) => (loss, last) switch
    {
        (LossKind.CrossEntropy, UnaryOperator { Type: "Sigmoid" }) => LossKind.BinaryCrossEntropy,
        (LossKind.BinaryCrossEntropy, SoftmaxOperator) => LossKind.CrossEntropy,
        _ => null,
    };

    public static string Name(LossKind loss) => loss switch
    {
        LossKind.CrossEntropy => "ce",
        LossKind.BinaryCrossEntropy => "bce",
        _ => "mse",
    };

    /// <summary>[batch, classes], whatever dimensions of 1 stand beside: one choice a sample, not one a pixel or a token.</summary>
    static bool IsOneRowASample(Shape shape)
        => shape.Dims.Skip(1).Count(dim => dim > 1) == 1;

    static Node? Producer(Graph graph, Value value) => graph.Nodes.LastOrDefault(node => node.Outputs.Contains(value));
}
