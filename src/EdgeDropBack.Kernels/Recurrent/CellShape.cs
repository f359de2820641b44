namespace EdgeDropBack.Kernels;

/// <summary>A recurrent cell: its kind, its width and its activations.</summary>
/// <param name="Hidden">Numbers in the state.</param>
/// <param name="F">Activation of the gates (of the only one of a plain cell).</param>
/// <param name="G">Activation of the candidate.</param>
/// <param name="H">Activation of an LSTM's cell state on its way out.</param>
public readonly record struct CellShape(CellKind Kind, int Hidden, UnaryKind F, UnaryKind G, UnaryKind H)
{
    public int Gates => Kind switch { CellKind.Rnn => 1, CellKind.Lstm => 4, _ => 3 };

    /// <summary>Floats of all gates of one sample.</summary>
    public int Row => Gates * Hidden;

    public static bool Takes(UnaryKind activation) => activation is UnaryKind.Sigmoid or UnaryKind.Tanh or UnaryKind.Relu;
}
