using EdgeDropBack.Kernels;

namespace EdgeDropBack.Graphs;

/// <summary>Sizes of a recurrent layer and the places of what its forward leaves for its backward.</summary>
/// <param name="ReversesFirst">The first direction runs from the last step to the first; the second one always does.</param>
sealed record RecurrentShape(CellShape Cell, int Steps, int Batch, int Inputs, int Directions, bool ReversesFirst)
{
    public bool IsLstm => Cell.Kind == CellKind.Lstm;

    /// <summary>Rows of W and R: the gates of all directions.</summary>
    public int Rows => Directions * Cell.Row;

    public int Samples => Steps * Batch;

    /// <summary>Floats of a state of one direction.</summary>
    public int StateFloats => Batch * Cell.Hidden;

    /// <summary>[samples, rows]: gates in the forward, gradients of their sums in the backward.</summary>
    public int GateFloats => Samples * Rows;

    /// <summary>Right sides that the rows of R have: the state of their direction; the reset gate in front of the product makes one of n.</summary>
    public int StateGroups => Cell.Kind == CellKind.Gru ? 3 * Directions : Directions;

    /// <summary>[samples, groups, hidden]: the states that R was multiplied with.</summary>
    public int StatesFloats => Samples * StateGroups * Cell.Hidden;

    /// <summary>With the reset behind the product the gradients towards R are others than those towards W.</summary>
    public bool HasRecurrentGates => Cell.Kind == CellKind.GruResetAfter;

    public int CellsFloats => IsLstm ? Samples * Directions * Cell.Hidden : 0;

    public int SavedFloats => checked(GateFloats + StatesFloats + (HasRecurrentGates ? GateFloats : 0) + CellsFloats);

    /// <summary>Sums of the gates at a step, four states, two rows of scratch, and a row of biases.</summary>
    public int WorkspaceFloats => checked(Batch * Cell.Row + 4 * StateFloats + 2 * Cell.Hidden + Rows);

    /// <summary>The time that a direction is at after a number of steps.</summary>
    public int Time(int direction, int step) => direction == 1 || ReversesFirst ? Steps - 1 - step : step;

    /// <summary>Where R of a direction begins.</summary>
    public long Origin(int direction) => (long)direction * Cell.Row * Cell.Hidden;

    /// <summary>Where the gates of a direction begin at a time, for the first sample.</summary>
    public int Place(int direction, int time) => time * Batch * Rows + direction * Cell.Row;
}
