using EdgeDropBack.Onnx;

namespace EdgeDropBack.Tests.Operators;

/// <summary>RNN, GRU and LSTM: three steps of two samples, in every form of their attributes and inputs.</summary>
static class RecurrentCases
{
    const int Steps = 3, Batch = 2, Inputs = 3, Hidden = 4;

    public static IEnumerable<GradientCase> All =>
    [
        .. Common("RNN", 1, cells: false), .. Common("GRU", 3, cells: false), .. Common("LSTM", 4, cells: true),
        Case("GRU linear before reset", "GRU", 3, node => node.Int("linear_before_reset", 1)),
        Case("GRU linear before reset, both directions, lengths", "GRU", 3,
            node => node.Int("linear_before_reset", 1).String("direction", "bidirectional"), directions: 2, lengths: true),
        Case("GRU linear before reset without biases", "GRU", 3, node => node.Int("linear_before_reset", 1), biases: false),
        Case("LSTM peepholes", "LSTM", 4, node => node, peepholes: true),
        Case("LSTM peepholes, both directions", "LSTM", 4, node => node.String("direction", "bidirectional"), directions: 2, peepholes: true),
        Case("LSTM weights that are computed", "LSTM", 4, node => node.String("direction", "bidirectional"), directions: 2, computed: true),
        Case("GRU weights that are computed", "GRU", 3, node => node, computed: true),
        Case("LSTM of a single sample", "LSTM", 4, node => node, batch: 1),
        Case("RNN with Relu", "RNN", 1, node => node.Strings("activations", "Relu"), low: 0.1f),
        Case("RNN with Sigmoid", "RNN", 1, node => node.Strings("activations", "Sigmoid")),
        Case("GRU with other activations", "GRU", 3, node => node.Strings("activations", "Sigmoid", "Sigmoid")),
        Case("LSTM with other activations", "LSTM", 4, node => node.Strings("activations", "Sigmoid", "Sigmoid", "Sigmoid")),
        Case("LSTM opset 7", "LSTM", 4, node => node, opset: 7),
    ];

    static IEnumerable<GradientCase> Common(string type, int gates, bool cells) =>
    [
        Case($"{type} forward", type, gates, node => node),
        Case($"{type} without biases", type, gates, node => node, biases: false),
        Case($"{type} reverse", type, gates, node => node.String("direction", "reverse")),
        Case($"{type} both directions", type, gates, node => node.String("direction", "bidirectional"), directions: 2),
        Case($"{type} initial states", type, gates, node => node, states: true, cells: cells),
        Case($"{type} initial states, both directions", type, gates, node => node.String("direction", "bidirectional"), directions: 2, states: true,
            cells: cells),
        Case($"{type} lengths", type, gates, node => node, lengths: true),
        Case($"{type} lengths, both directions, initial states", type, gates, node => node.String("direction", "bidirectional"), directions: 2,
            lengths: true, states: true, cells: cells),
        Case($"{type} batch first", type, gates, node => node.Int("layout", 1), states: true, cells: cells, batchFirst: true),
        Case($"{type} last states", type, gates, node => node, result: cells ? 2 : 1),
    ];

    /// <summary>The sum of what the layer puts out, or of the last states where <paramref name="result"/> says so, in another order.</summary>
    static GradientCase Case(string name, string type, int gates, Func<OnnxNodeBuilder, OnnxNodeBuilder> attributes, int directions = 1,
        bool biases = true, bool states = false, bool cells = false, bool lengths = false, bool peepholes = false, bool computed = false,
        bool batchFirst = false, int batch = Batch, int result = 0, float low = -1f, long opset = 17)
        => new(name, m =>
        {
            string Weights(string id, long[] dims) => computed ? m.Activation(id, dims, low, 1f) : m.Weight(id, dims, low, 1f);
            string x = m.Activation("x", batchFirst ? [batch, Steps, Inputs] : [Steps, batch, Inputs], low, 1f);
            long[] state = batchFirst ? [batch, directions, Hidden] : [directions, batch, Hidden];
            string[] inputs =
            [
                x, Weights("w", [directions, gates * Hidden, Inputs]), Weights("r", [directions, gates * Hidden, Hidden]),
                biases ? m.Weight("b", [directions, 2 * gates * Hidden], low, 1f) : "", lengths ? m.Ints32("lengths", 3, 2) : "",
                states ? m.Activation("h", state, low, 1f) : "", cells && states ? m.Activation("c", state, low, 1f) : "",
                peepholes ? m.Weight("p", [directions, 3 * Hidden], low, 1f) : "",
            ];
            var count = Array.FindLastIndex(inputs, input => input.Length > 0) + 1;
            string[] outputs = [result == 0 ? "y" : "", result == 1 ? "y" : "", result == 2 ? "y" : ""];
            attributes(m.Node(type, inputs[..count], outputs[..(result + 1)]).Int("hidden_size", Hidden));
        }, opset, Tolerance: 2e-3);
}
