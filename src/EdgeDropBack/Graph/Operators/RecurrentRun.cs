using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>A recurrent layer at work: its saved values and its workspace by name, and what is done between the products.</summary>
readonly ref struct RecurrentRun
{
    readonly RecurrentShape _shape;
    readonly CellShape _cell;
    readonly ReadOnlySpan<float> _lengths, _peepholes;
    readonly Span<float> _cells, _scratch;

    public RecurrentRun(RecurrentShape shape, Span<float> saved, Span<float> workspace, ReadOnlySpan<float> lengths, ReadOnlySpan<float> peepholes)
    {
        _shape = shape;
        _cell = shape.Cell;
        _lengths = lengths;
        _peepholes = peepholes;
        Gates = Take(ref saved, shape.GateFloats);
        States = Take(ref saved, shape.StatesFloats);
        RecurrentGates = shape.HasRecurrentGates ? Take(ref saved, shape.GateFloats) : Gates;
        _cells = Take(ref saved, shape.CellsFloats);
        Recurrent = Take(ref workspace, shape.Batch * shape.Cell.Row);
        State = Take(ref workspace, shape.StateFloats);
        Next = Take(ref workspace, shape.StateFloats);
        Cell = Take(ref workspace, shape.StateFloats);
        NextCell = Take(ref workspace, shape.StateFloats);
        _scratch = Take(ref workspace, 2 * shape.Cell.Hidden);
        Sums = Take(ref workspace, shape.Rows);
    }

    /// <summary>[samples, rows].</summary>
    public Span<float> Gates { get; }

    /// <summary>[samples, groups, hidden].</summary>
    public Span<float> States { get; }

    /// <summary>[samples, rows]: gradients of the gates' sums on the side of R; the recurrent part of n in the forward.</summary>
    public Span<float> RecurrentGates { get; }

    /// <summary>[batch, gates]: what the product with R gave at this step.</summary>
    public Span<float> Recurrent { get; }

    /// <summary>[batch, hidden]: the state, or its gradient.</summary>
    public Span<float> State { get; }

    /// <summary>[batch, hidden]: the state with the reset applied, or the gradient of the state before.</summary>
    public Span<float> Next { get; }

    /// <summary>[batch, hidden]: the cell state, or its gradient.</summary>
    public Span<float> Cell { get; }

    public Span<float> NextCell { get; }

    /// <summary>[rows]: biases, or their gradients.</summary>
    public Span<float> Sums { get; }

    public void Start(int direction, ReadOnlySpan<float> h, ReadOnlySpan<float> cell)
    {
        Begin(State, direction, h);
        Begin(Cell, direction, cell);
    }

    public void StartBackward(int direction, ReadOnlySpan<float> dh, ReadOnlySpan<float> dc)
    {
        Begin(State, direction, dh);
        Begin(Cell, direction, dc);
    }

    /// <summary>The states before a step are what its gradients are formed with.</summary>
    public void Keep(int direction, int time)
    {
        for (var n = 0; n < _shape.Batch; n++)
        {
            for (var group = 0; group < _shape.StateGroups / _shape.Directions; group++) Row(State, n).CopyTo(StateAt(direction, time, n, group));
            if (_shape.IsLstm) Row(Cell, n).CopyTo(CellAt(direction, time, n));
        }
    }

    /// <summary>Finishes z and r of a GRU whose reset stands in front of the product, and puts r times the state where that reads it.</summary>
    public void Reset(int direction, int time)
    {
        var hidden = _cell.Hidden;
        for (var n = 0; n < _shape.Batch; n++)
        {
            var gates = GatesAt(direction, time, n);
            Elementwise.AddTo(Recurrent.Slice(n * 2 * hidden, 2 * hidden), gates);
            RecurrentCell.GruGates(_cell, gates);
            var r = gates.Slice(hidden, hidden);
            var next = Row(Next, n);
            for (var j = 0; j < hidden; j++) next[j] = r[j] * State[n * hidden + j];
            next.CopyTo(StateAt(direction, time, n, 2));
        }
    }

    /// <summary>From the sums of the gates to the state after the step; samples that have ended keep theirs and put out zeros.</summary>
    public void Advance(int direction, int time, ReadOnlySpan<float> biases, Span<float> y)
    {
        var hidden = _cell.Hidden;
        for (var n = 0; n < _shape.Batch; n++)
        {
            var output = y.Slice(((time * _shape.Directions + direction) * _shape.Batch + n) * hidden, hidden);
            if (HasEnded(n, time))
            {
                output.Clear();
                continue;
            }
            var gates = GatesAt(direction, time, n);
            var recurrent = Recurrent[(n * (_cell.Kind == CellKind.Gru ? hidden : _cell.Row))..];
            Step(direction, time, n, gates, recurrent, biases, output);
            output.CopyTo(Row(State, n));
        }
    }

    void Step(int direction, int time, int n, Span<float> gates, Span<float> recurrent, ReadOnlySpan<float> biases, Span<float> output)
    {
        var hidden = _cell.Hidden;
        switch (_cell.Kind)
        {
            case CellKind.Rnn:
                Elementwise.AddTo(recurrent[..hidden], gates);
                RecurrentCell.Rnn(_cell, gates, output);
                break;
            case CellKind.Gru:
                Elementwise.AddTo(recurrent[..hidden], gates[(2 * hidden)..]);
                RecurrentCell.GruOutput(_cell, gates, default, Row(State, n), output);
                break;
            case CellKind.GruResetAfter:
                Elementwise.AddTo(recurrent[..(2 * hidden)], gates);
                RecurrentCell.GruGates(_cell, gates);
                var product = recurrent.Slice(2 * hidden, hidden);
                if (!biases.IsEmpty) Elementwise.AddTo(biases.Slice((2 * direction + 1) * _cell.Row + 2 * hidden, hidden), product);
                product.CopyTo(RecurrentGatesAt(direction, time, n)[(2 * hidden)..]);
                RecurrentCell.GruOutput(_cell, gates, product, Row(State, n), output);
                break;
            default:
                Elementwise.AddTo(recurrent[.._cell.Row], gates);
                RecurrentCell.Lstm(_cell, gates, PeepholesOf(direction, _peepholes), Row(Cell, n), Row(NextCell, n), output);
                Row(NextCell, n).CopyTo(Row(Cell, n));
                break;
        }
    }

    /// <summary>From the gradient of the state after a step to those of its gates, and to what passes them by, in <see cref="Next"/>.</summary>
    public void Retreat(int direction, int time, ReadOnlySpan<float> dy, Span<float> dPeepholes)
    {
        var hidden = _cell.Hidden;
        for (var n = 0; n < _shape.Batch; n++)
        {
            var gates = GatesAt(direction, time, n);
            var dh = Row(State, n);
            var next = Row(Next, n);
            if (HasEnded(n, time))
            {
                gates.Clear();
                RecurrentGatesAt(direction, time, n).Clear();
                dh.CopyTo(next);
                continue;
            }
            Elementwise.AddTo(dy.Slice(((time * _shape.Directions + direction) * _shape.Batch + n) * hidden, hidden), dh);
            var state = StateAt(direction, time, n, 0);
            switch (_cell.Kind)
            {
                case CellKind.Rnn:
                    RecurrentCell.RnnBackward(_cell, gates, dh, next);
                    break;
                case CellKind.Gru:
                    RecurrentCell.GruOutputBackward(_cell, gates, state, dh, next);
                    break;
                case CellKind.GruResetAfter:
                    RecurrentCell.GruOutputBackward(_cell, gates, state, dh, next);
                    ResetAfterBackward(gates, RecurrentGatesAt(direction, time, n));
                    break;
                default:
                    next.Clear();
                    RecurrentCell.LstmBackward(_cell, gates, PeepholesOf(direction, _peepholes), CellAt(direction, time, n), dh, Row(Cell, n),
                        dPeepholes.IsEmpty ? default : dPeepholes.Slice(direction * 3 * hidden, 3 * hidden), _scratch);
                    break;
            }
        }
    }

    /// <summary>n = ... + r q: q lies in the third part of the recurrent gates, whose gradients take its place.</summary>
    void ResetAfterBackward(Span<float> gates, Span<float> recurrent)
    {
        var hidden = _cell.Hidden;
        var reset = gates.Slice(hidden, hidden);
        var product = recurrent[(2 * hidden)..];
        var dProduct = _scratch[..hidden];
        gates[(2 * hidden)..].CopyTo(dProduct);
        RecurrentCell.GruResetBackward(_cell, reset, product, dProduct);
        dProduct.CopyTo(product);
        gates[..(2 * hidden)].CopyTo(recurrent);
    }

    /// <summary>The product with R gave the gradient of r times the state: r's goes to its gate, the state's is added to what passes by.</summary>
    public void ResetBackward(int direction, int time)
    {
        var hidden = _cell.Hidden;
        for (var n = 0; n < _shape.Batch; n++)
        {
            if (HasEnded(n, time)) continue;
            var reset = GatesAt(direction, time, n).Slice(hidden, hidden);
            var dProduct = Recurrent.Slice(n * hidden, hidden);
            RecurrentCell.GruResetBackward(_cell, reset, StateAt(direction, time, n, 0), dProduct);
            Elementwise.AddTo(dProduct, Row(Next, n));
        }
    }

    /// <summary>The gradient of the state before: what passed the gates by and what came through them.</summary>
    public void Join()
    {
        Next.CopyTo(State);
        Elementwise.AddTo(Recurrent[.._shape.StateFloats], State);
    }

    bool HasEnded(int n, int time) => !_lengths.IsEmpty && time >= _lengths[n];

    void Begin(Span<float> state, int direction, ReadOnlySpan<float> values)
    {
        if (values.IsEmpty) state.Clear();
        else values.Slice(direction * _shape.StateFloats, _shape.StateFloats).CopyTo(state);
    }

    Span<float> Row(Span<float> state, int n) => state.Slice(n * _cell.Hidden, _cell.Hidden);

    Span<float> GatesAt(int direction, int time, int n) => Gates.Slice(_shape.Place(direction, time) + n * _shape.Rows, _cell.Row);

    Span<float> RecurrentGatesAt(int direction, int time, int n)
        => RecurrentGates.Slice(_shape.Place(direction, time) + n * _shape.Rows, _cell.Row);

    Span<float> StateAt(int direction, int time, int n, int group)
    {
        var groups = _shape.StateGroups / _shape.Directions;
        return States.Slice((((time * _shape.Batch + n) * _shape.Directions + direction) * groups + group) * _cell.Hidden, _cell.Hidden);
    }

    Span<float> CellAt(int direction, int time, int n)
        => _cells.Slice(((time * _shape.Batch + n) * _shape.Directions + direction) * _cell.Hidden, _cell.Hidden);

    ReadOnlySpan<float> PeepholesOf(int direction, ReadOnlySpan<float> all)
        => all.IsEmpty ? default : all.Slice(direction * 3 * _cell.Hidden, 3 * _cell.Hidden);

    static Span<float> Take(scoped ref Span<float> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
