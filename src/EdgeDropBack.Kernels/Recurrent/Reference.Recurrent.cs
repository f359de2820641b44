namespace EdgeDropBack.Kernels;

public static partial class Reference
{
    /// <summary>One element of a plain cell: the new state.</summary>
    public static float Rnn(in CellShape s, float sum) => Unary(s.F, sum, 0, 0);

    /// <summary>One element of a GRU: the new state.</summary>
    /// <param name="recurrent">What r is multiplied with in the sum of n; 0 where it was before the product.</param>
    public static float Gru(in CellShape s, float z, float r, float n, float recurrent, float hPrevious)
    {
        var (update, reset) = (Unary(s.F, z, 0, 0), Unary(s.F, r, 0, 0));
        var candidate = Unary(s.G, MathF.FusedMultiplyAdd(reset, recurrent, n), 0, 0);
        return MathF.FusedMultiplyAdd(update, hPrevious, (1f - update) * candidate);
    }

    /// <summary>One element of an LSTM: the new state and cell state.</summary>
    /// <param name="p">Peepholes of i, o and f.</param>
    public static (float H, float C) Lstm(in CellShape s, float i, float o, float f, float g, (float I, float O, float F) p, float cPrevious)
    {
        var input = Unary(s.F, MathF.FusedMultiplyAdd(p.I, cPrevious, i), 0, 0);
        var forget = Unary(s.F, MathF.FusedMultiplyAdd(p.F, cPrevious, f), 0, 0);
        var c = MathF.FusedMultiplyAdd(forget, cPrevious, input * Unary(s.G, g, 0, 0));
        return (Unary(s.F, MathF.FusedMultiplyAdd(p.O, c, o), 0, 0) * Unary(s.H, c, 0, 0), c);
    }
}
