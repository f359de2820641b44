using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Graphs;

/// <summary>
/// ONNX RNN, GRU and LSTM. Inputs: X [steps, batch, inputs], W [directions, gates * hidden, inputs], R [directions, gates * hidden, hidden],
/// B [directions, 2 * gates * hidden], lengths [batch], the initial states [directions, batch, hidden], peepholes [directions, 3 * hidden].
/// Outputs: Y [steps, directions, batch, hidden] and the last states. W and R are read through weight sources; the products with W run over
/// all steps at once, those with R a step at a time.
/// </summary>
sealed class RecurrentOperator(string type, RecurrentShape shape) : Operator
{
    const int X = 0, W = 1, R = 2, B = 3, Lengths = 4, InitialH = 5, InitialC = 6, Peepholes = 7;

    readonly MaterialisedGradient _gradient = new();

    public override string Type => type;

    public override bool TakesWeights(int input) => input is W or R;

    public override int RowDims(int input) => input is W or R ? 2 : 1;

    public override ParameterRole RoleOf(int input) => input is W or R ? ParameterRole.Weight : input == B ? ParameterRole.Bias : ParameterRole.Other;

    public override int SavedFloats(Node node) => shape.SavedFloats;

    public override int WorkspaceFloats(Node node) => shape.WorkspaceFloats;

    public override bool BackwardReadsInput(int input, Func<int, bool> wants) => input switch
    {
        X => wants(W),
        W => wants(X),
        R or Lengths or Peepholes => true,
        _ => false,
    };

    public override long MultiplyAdds(Node node) => (long)shape.Samples * shape.Rows * (shape.Inputs + shape.Cell.Hidden);

    public override void Forward(NodeContext c)
    {
        var run = new RecurrentRun(shape, c.Saved, c.Workspace, c.Input(Lengths), c.Input(Peepholes));
        Biases(c, run);
        Gemm.MultiplyWeights(c.Workers, c.Input(X), shape.Inputs, c.WeightsOrValues(W), true, run.Sums, 1f, run.Gates, shape.Samples, shape.Rows,
            shape.Inputs);
        for (var d = 0; d < shape.Directions; d++)
        {
            run.Start(d, c.Input(InitialH), c.Input(InitialC));
            for (var step = 0; step < shape.Steps; step++)
            {
                var t = shape.Time(d, step);
                run.Keep(d, t);
                Recur(c, run, d, t);
                run.Advance(d, t, c.Input(B), c.Output(0));
            }
            run.State.CopyTo(c.Output(1)[(d * shape.StateFloats)..]);
            if (shape.IsLstm) run.Cell.CopyTo(c.Output(2)[(d * shape.StateFloats)..]);
        }
    }

    public override void Backward(NodeContext c)
    {
        var run = new RecurrentRun(shape, c.Saved, c.Workspace, c.Input(Lengths), c.Input(Peepholes));
        var peepholes = c.InputGradient(Peepholes);
        peepholes.Clear();
        for (var d = 0; d < shape.Directions; d++)
        {
            run.StartBackward(d, c.OutputGradient(1), shape.IsLstm ? c.OutputGradient(2) : default);
            for (var step = shape.Steps - 1; step >= 0; step--)
            {
                var t = shape.Time(d, step);
                run.Retreat(d, t, c.OutputGradient(0), peepholes);
                RecurBackward(c, run, d, t);
            }
            if (c.Wants(InitialH)) run.State.CopyTo(c.InputGradient(InitialH)[(d * shape.StateFloats)..]);
            if (c.Wants(InitialC)) run.Cell.CopyTo(c.InputGradient(InitialC)[(d * shape.StateFloats)..]);
        }
        if (c.Wants(W)) Gradient(c, W, run.Gates, c.Input(X), 1, shape.Inputs);
        if (c.Wants(R)) Gradient(c, R, run.RecurrentGates, run.States, shape.StateGroups, shape.Cell.Hidden);
        if (c.Wants(B)) BiasGradient(c, run);
        if (c.Wants(X))
            Gemm.MultiplyWeights(c.Workers, run.Gates, shape.Rows, c.WeightsOrValues(W), false, default, 1f, c.InputGradient(X), shape.Samples,
                shape.Inputs, shape.Rows);
    }

    /// <summary>Wb + Rb of every gate; of n with the reset behind the product Wb alone.</summary>
    void Biases(NodeContext c, in RecurrentRun run)
    {
        run.Sums.Clear();
        var (row, kept) = (shape.Cell.Row, shape.Cell.Kind == CellKind.GruResetAfter ? 2 * shape.Cell.Hidden : shape.Cell.Row);
        for (var d = 0; c.Input(B).Length > 0 && d < shape.Directions; d++)
        {
            var sums = run.Sums.Slice(d * row, row);
            c.Input(B).Slice(2 * d * row, row).CopyTo(sums);
            Elementwise.AddTo(c.Input(B).Slice((2 * d + 1) * row, kept), sums);
        }
    }

    /// <summary>The gates' recurrent sums at a step.</summary>
    void Recur(NodeContext c, in RecurrentRun run, int d, int t)
    {
        var cell = shape.Cell;
        var weights = c.WeightsOrValues(R);
        var origin = shape.Origin(d);
        if (cell.Kind != CellKind.Gru)
        {
            Product(c, run.State, cell.Hidden, weights, origin, true, run.Recurrent, cell.Row, cell.Hidden);
            return;
        }
        Product(c, run.State, cell.Hidden, weights, origin, true, run.Recurrent, 2 * cell.Hidden, cell.Hidden);
        run.Reset(d, t);
        Product(c, run.Next, cell.Hidden, weights, origin + 2L * cell.Hidden * cell.Hidden, true, run.Recurrent, cell.Hidden, cell.Hidden);
    }

    /// <summary>What reaches the state of the step before through the gates.</summary>
    void RecurBackward(NodeContext c, in RecurrentRun run, int d, int t)
    {
        var cell = shape.Cell;
        var weights = c.WeightsOrValues(R);
        var origin = shape.Origin(d);
        var gates = run.RecurrentGates[shape.Place(d, t)..];
        if (cell.Kind != CellKind.Gru)
        {
            Product(c, gates, shape.Rows, weights, origin, false, run.Recurrent, cell.Hidden, cell.Row);
            run.Join();
            return;
        }
        Product(c, gates[(2 * cell.Hidden)..], shape.Rows, weights, origin + 2L * cell.Hidden * cell.Hidden, false, run.Recurrent, cell.Hidden,
            cell.Hidden);
        run.ResetBackward(d, t);
        Product(c, gates, shape.Rows, weights, origin, false, run.Recurrent, cell.Hidden, 2 * cell.Hidden);
        run.Join();
    }

    void Product(NodeContext c, ReadOnlySpan<float> x, int stride, in WeightSource weights, long origin, bool transposed, Span<float> y, int n,
        int k)
        => Gemm.MultiplyPart(c.Workers, x, stride, weights, origin, transposed, default, 1f, y, shape.Batch, n, k);

    void Gradient(NodeContext c, int input, ReadOnlySpan<float> left, ReadOnlySpan<float> right, int groups, int columns)
    {
        if (c.IsWeights(input)) c.WeightGradient(input, left, right, shape.Samples, 1f, groups);
        else
            WeightGradient.Grouped(c.Workers, left, shape.Rows, right, groups * columns, shape.Samples, groups, shape.Rows, columns, 1f,
                _gradient.Into(c.InputGradientBuffer(input)!, c, columns));
    }

    void BiasGradient(NodeContext c, in RecurrentRun run)
    {
        var row = shape.Cell.Row;
        var sums = run.Sums;
        for (var part = 0; part < 2; part++)
        {
            Reduction.ColumnSums(part == 0 ? run.Gates : run.RecurrentGates, sums, shape.Samples, shape.Rows);
            for (var d = 0; d < shape.Directions; d++) sums.Slice(d * row, row).CopyTo(c.InputGradient(B)[((2 * d + part) * row)..]);
        }
    }

    internal override void ForwardAccesses(NodeAccesses c)
    {
        c.StreamForward();
        var (gates, workspace) = (c.Saved!.Value, c.Workspace!.Value);
        Gemm.MultiplyWeightsAccesses(c.Stream, c.Input(X)!.Value, shape.Inputs, c.WeightsOrValues(W), true, null, 1f, gates, shape.Samples,
            shape.Rows, shape.Inputs);
        for (var step = 0; step < shape.Steps; step++)
            Gemm.MultiplyWeightsAccesses(c.Stream, workspace, shape.Cell.Hidden, c.WeightsOrValues(R), true, null, 1f, workspace, shape.Batch,
                shape.Rows, shape.Cell.Hidden);
    }

    internal override void BackwardAccesses(NodeAccesses c)
    {
        c.StreamBackward();
        var (gates, workspace) = (c.Saved!.Value, c.Workspace!.Value);
        for (var step = 0; step < shape.Steps; step++)
            Gemm.MultiplyWeightsAccesses(c.Stream, gates, shape.Rows, c.WeightsOrValues(R), false, null, 1f, workspace, shape.Batch,
                shape.Cell.Hidden, shape.Rows);
        if (c.InputGradient(X) is { } dx)
            Gemm.MultiplyWeightsAccesses(c.Stream, gates, shape.Rows, c.WeightsOrValues(W), false, null, 1f, dx, shape.Samples, shape.Inputs,
                shape.Rows);
        c.Phase(TrafficPhase.BackwardWeight);
        if (c.Wants(W) && c.IsWeights(W)) c.WeightGradient(W, gates, c.Input(X)!.Value, shape.Samples, 1f);
        if (c.Wants(R) && c.IsWeights(R)) c.WeightGradient(R, gates, gates.From(shape.GateFloats), shape.Samples, 1f);
    }
}
