namespace EdgeDropBack.Kernels;

/// <summary>What a recurrent layer computes at a step (ONNX RNN, GRU and LSTM).</summary>
public enum CellKind
{
    /// <summary>One gate: the new state.</summary>
    Rnn,

    /// <summary>Gates z, r, h; the reset is applied to the state before the product with R.</summary>
    Gru,

    /// <summary>The same, with the reset applied after that product (linear_before_reset).</summary>
    GruResetAfter,

    /// <summary>Gates i, o, f, c.</summary>
    Lstm,
}
