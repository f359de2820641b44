using EdgeDropBack.Graphs;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Onnx;

/// <summary>RNN, GRU and LSTM.</summary>
static class RecurrentImports
{
    const int Lengths = 4, InitialH = 5, InitialC = 6, Peepholes = 7;

    public static void Rnn(NodeImport n) => Import(n, CellKind.Rnn, ["Tanh"]);

    public static void Gru(NodeImport n)
        => Import(n, n.Node.Int("linear_before_reset", 0) != 0 ? CellKind.GruResetAfter : CellKind.Gru, ["Sigmoid", "Tanh"]);

    public static void Lstm(NodeImport n) => Import(n, CellKind.Lstm, ["Sigmoid", "Tanh", "Tanh"]);

    static void Import(NodeImport n, CellKind kind, string[] activations)
    {
        var (shape, batchFirst) = Shape(n, kind, activations);
        var (hidden, states) = (shape.Cell.Hidden, new Shape(shape.Directions, shape.Batch, shape.Cell.Hidden));
        Expect(n, 1, new Shape(shape.Directions, shape.Cell.Row, shape.Inputs));
        Expect(n, 2, new Shape(shape.Directions, shape.Cell.Row, hidden));
        Expect(n, 3, new Shape(shape.Directions, 2 * shape.Cell.Row));
        Expect(n, Lengths, new Shape(shape.Batch));
        Expect(n, Peepholes, new Shape(shape.Directions, 3 * hidden));
        var x = batchFirst ? Turned(n, ".x", n.Value(0), [1, 0, 2]) : n.Value(0);
        Value?[] inputs =
        [
            x, n.Value(1), n.Value(2), n.Has(3) ? n.Value(3) : null, HasLengths(n, shape) ? n.AnyValue(Lengths) : null,
            State(n, InitialH, states, batchFirst), kind == CellKind.Lstm ? State(n, InitialC, states, batchFirst) : null,
            kind == CellKind.Lstm && n.Has(Peepholes) ? n.Value(Peepholes) : null,
        ];
        List<Shape> outputs = [new Shape(shape.Steps, shape.Directions, shape.Batch, hidden), states];
        if (kind == CellKind.Lstm) outputs.Add(states);
        var values = n.Builder.AddMany(n.Name, new RecurrentOperator(n.Node.OpType, shape), inputs,
            [.. outputs.Select((output, i) => (n.OutputName(i), output))]);
        for (var i = 0; i < values.Length; i++)
            if (n.Gives(i)) n.Bind(i, Operand.Of(batchFirst ? Turned(n, $".y{i}", values[i], i == 0 ? [2, 0, 1, 3] : [1, 0, 2]) : values[i]));
    }

    static (RecurrentShape Shape, bool BatchFirst) Shape(NodeImport n, CellKind kind, string[] activations)
    {
        var batchFirst = n.Node.Int("layout", 0) != 0;
        var (x, r) = (n.Shape(0), n.Shape(2));
        ImportShapes.Expect(x.Rank == 3 && r.Rank == 3, $"X has shape {x} and R {r}, expected three dimensions each");
        ImportShapes.Expect(!n.Node.Has("clip"), "clip is not supported; export the layer without it");
        ImportShapes.Expect(n.Node.Int("input_forget", 0) == 0, "input_forget is not supported; export the layer without it");
        ImportShapes.Expect(n.Node.Floats("activation_alpha") is null && n.Node.Floats("activation_beta") is null,
            "activations with alpha or beta are not supported; use Sigmoid, Tanh or Relu");
        var direction = n.Node.String("direction", "forward");
        ImportShapes.Expect(direction is "forward" or "reverse" or "bidirectional", $"direction is '{direction}', expected forward, reverse or bidirectional");
        var directions = direction == "bidirectional" ? 2 : 1;
        var hidden = r[2];
        ImportShapes.Expect(n.Node.Int("hidden_size", hidden) == hidden, $"hidden_size is {n.Node.Int("hidden_size", hidden)}, R has {hidden}");
        ImportShapes.Expect(hidden > 0 && x.Count > 0, $"X has shape {x} and hidden_size {hidden}; nothing is computed of that");
        var cell = new CellShape(kind, hidden, Activation(n, activations, 0, directions), Activation(n, activations, 1, directions),
            Activation(n, activations, 2, directions));
        return (new RecurrentShape(cell, x[batchFirst ? 1 : 0], x[batchFirst ? 0 : 1], x[2], directions, direction == "reverse"), batchFirst);
    }

    /// <summary>Both directions have the same activations, or the layer is not supported.</summary>
    static UnaryKind Activation(NodeImport n, string[] defaults, int index, int directions)
    {
        if (index >= defaults.Length) return UnaryKind.Tanh;
        var given = n.Node.Strings("activations") ?? [.. Enumerable.Repeat(defaults, directions).SelectMany(d => d)];
        ImportShapes.Expect(given.Count == directions * defaults.Length, $"activations has {given.Count} names, expected {directions * defaults.Length}");
        for (var d = 1; d < directions; d++)
            ImportShapes.Expect(given[d * defaults.Length + index] == given[index], "the directions have different activations, which is not supported");
        return given[index].ToUpperInvariant() switch
        {
            "SIGMOID" => UnaryKind.Sigmoid,
            "TANH" => UnaryKind.Tanh,
            "RELU" => UnaryKind.Relu,
            _ => throw EdbException.Refused($"activation {given[index]} is not supported; use Sigmoid, Tanh or Relu"),
        };
    }

    /// <summary>Lengths that are all steps say nothing.</summary>
    static bool HasLengths(NodeImport n, RecurrentShape shape)
        => n.Has(Lengths) && !(n.IsConstant(Lengths) && n.Ints(Lengths).All(length => length >= shape.Steps));

    static Value? State(NodeImport n, int input, Shape states, bool batchFirst)
    {
        if (!n.Has(input)) return null;
        if (!batchFirst)
        {
            Expect(n, input, states);
            return n.Value(input);
        }
        Expect(n, input, new Shape(states[1], states[0], states[2]));
        return Turned(n, $".state{input}", n.Value(input), [1, 0, 2]);
    }

    static Value Turned(NodeImport n, string suffix, Value value, int[] permutation) => n.Intermediate(suffix,
        new TransposeOperator(value.Shape, permutation), new Shape([.. permutation.Select(p => value.Shape[p])]), value);

    static void Expect(NodeImport n, int input, Shape expected)
    {
        if (n.Has(input)) ImportShapes.Expect(n.Shape(input).Equals(expected), $"input {input} has shape {n.Shape(input)}, expected {expected}");
    }
}
