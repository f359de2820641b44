namespace EdgeDropBack.Kernels;

/// <summary>
/// One step of a recurrent layer for one sample, without its products: from the gates' sums to the new state, and back. Element j of every
/// gate belongs to element j of the state.
/// </summary>
public static class RecurrentCell
{
    /// <summary>h = f(gates).</summary>
    /// <param name="gates">[hidden] sums; the activations on return.</param>
    /// <param name="h">[hidden]</param>
    public static void Rnn(in CellShape s, Span<float> gates, Span<float> h)
    {
        Elementwise.Unary(s.F, gates, gates);
        gates.CopyTo(h);
    }

    /// <param name="gates">[hidden] activations; the gradients of the sums on return.</param>
    /// <param name="dh">[hidden] gradient of the new state.</param>
    /// <param name="dhPrevious">[hidden] what reaches the old state without a product: nothing.</param>
    public static void RnnBackward(in CellShape s, Span<float> gates, ReadOnlySpan<float> dh, Span<float> dhPrevious)
    {
        for (var j = 0; j < gates.Length; j++) gates[j] = dh[j] * Slope(s.F, gates[j]);
        dhPrevious.Clear();
    }

    /// <summary>
    /// h = (1 - z) g(n) + z h' with z, r = f of the first two gates; of the third, n, the recurrent part is multiplied by r here
    /// (reset after the product) or was before.
    /// </summary>
    /// <param name="gates">[3 hidden] sums z, r, n; the activations on return.</param>
    /// <param name="recurrent">[hidden] the recurrent part of n; empty where it is in the sum already.</param>
    public static void GruOutput(in CellShape s, Span<float> gates, ReadOnlySpan<float> recurrent, ReadOnlySpan<float> hPrevious, Span<float> h)
    {
        var hidden = s.Hidden;
        var z = gates[..hidden];
        var r = gates.Slice(hidden, hidden);
        var n = gates.Slice(2 * hidden, hidden);
        for (var j = 0; j < recurrent.Length; j++) n[j] = MathF.FusedMultiplyAdd(r[j], recurrent[j], n[j]);
        Elementwise.Unary(s.G, n, n);
        for (var j = 0; j < h.Length; j++) h[j] = MathF.FusedMultiplyAdd(z[j], hPrevious[j], (1f - z[j]) * n[j]);
    }

    /// <summary>Activates the gates z and r, which lie in front of n.</summary>
    public static void GruGates(in CellShape s, Span<float> gates) => Elementwise.Unary(s.F, gates[..(2 * s.Hidden)], gates[..(2 * s.Hidden)]);

    /// <summary>Gradients of z and n, and what reaches the old state past the gates.</summary>
    /// <param name="gates">[3 hidden] activations; on return z and n are the gradients of their sums, r is as it was.</param>
    public static void GruOutputBackward(in CellShape s, Span<float> gates, ReadOnlySpan<float> hPrevious, ReadOnlySpan<float> dh,
        Span<float> dhPrevious)
    {
        var hidden = s.Hidden;
        var z = gates[..hidden];
        var n = gates.Slice(2 * hidden, hidden);
        for (var j = 0; j < hidden; j++)
        {
            dhPrevious[j] = dh[j] * z[j];
            var dz = dh[j] * (hPrevious[j] - n[j]) * Slope(s.F, z[j]);
            n[j] = dh[j] * (1f - z[j]) * Slope(s.G, n[j]);
            z[j] = dz;
        }
    }

    /// <summary>The gradient of r's sum, from what r was multiplied with.</summary>
    /// <param name="product">[hidden] the other factor.</param>
    /// <param name="dProduct">[hidden] gradient of r times that; on return the gradient of the other factor.</param>
    /// <param name="reset">[hidden] r; the gradient of its sum on return.</param>
    public static void GruResetBackward(in CellShape s, Span<float> reset, ReadOnlySpan<float> product, Span<float> dProduct)
    {
        for (var j = 0; j < reset.Length; j++)
        {
            var r = reset[j];
            reset[j] = dProduct[j] * product[j] * Slope(s.F, r);
            dProduct[j] *= r;
        }
    }

    /// <summary>c = f c' + i g, h = o act(c), with i, o, f = f(gates) and g = g(gates); peepholes add c' to i and f, and c to o.</summary>
    /// <param name="gates">[4 hidden] sums i, o, f, g; the activations on return.</param>
    /// <param name="peepholes">[3 hidden] of i, o, f, or empty.</param>
    public static void Lstm(in CellShape s, Span<float> gates, ReadOnlySpan<float> peepholes, ReadOnlySpan<float> cPrevious, Span<float> c,
        Span<float> h)
    {
        var hidden = s.Hidden;
        var i = gates[..hidden];
        var o = gates.Slice(hidden, hidden);
        var f = gates.Slice(2 * hidden, hidden);
        var g = gates.Slice(3 * hidden, hidden);
        AddPeephole(peepholes, 0, cPrevious, i);
        AddPeephole(peepholes, 2, cPrevious, f);
        Elementwise.Unary(s.F, i, i);
        Elementwise.Unary(s.F, f, f);
        Elementwise.Unary(s.G, g, g);
        State(i, f, g, cPrevious, c);
        AddPeephole(peepholes, 1, c, o);
        Elementwise.Unary(s.F, o, o);
        Elementwise.Unary(s.H, c, h);
        for (var j = 0; j < h.Length; j++) h[j] *= o[j];
    }

    /// <param name="gates">[4 hidden] activations; the gradients of the sums on return.</param>
    /// <param name="dh">[hidden] gradient of the new state.</param>
    /// <param name="dc">[hidden] gradient of the new cell state; of the old one on return.</param>
    /// <param name="dPeepholes">[3 hidden], added to; empty where there are none.</param>
    /// <param name="scratch">[2 hidden]</param>
    public static void LstmBackward(in CellShape s, Span<float> gates, ReadOnlySpan<float> peepholes, ReadOnlySpan<float> cPrevious,
        ReadOnlySpan<float> dh, Span<float> dc, Span<float> dPeepholes, Span<float> scratch)
    {
        var hidden = s.Hidden;
        var i = gates[..hidden];
        var o = gates.Slice(hidden, hidden);
        var f = gates.Slice(2 * hidden, hidden);
        var g = gates.Slice(3 * hidden, hidden);
        var c = scratch[..hidden];
        var out1 = scratch.Slice(hidden, hidden);
        State(i, f, g, cPrevious, c);
        Elementwise.Unary(s.H, c, out1);
        for (var j = 0; j < hidden; j++)
        {
            var dOut = dh[j] * out1[j] * Slope(s.F, o[j]);
            var dCell = MathF.FusedMultiplyAdd(dh[j] * o[j], Slope(s.H, out1[j]), dc[j]);
            o[j] = dOut;
            if (!peepholes.IsEmpty) dCell = MathF.FusedMultiplyAdd(dOut, peepholes[hidden + j], dCell);
            var (dIn, dForget) = (dCell * g[j] * Slope(s.F, i[j]), dCell * cPrevious[j] * Slope(s.F, f[j]));
            var dPrevious = dCell * f[j];
            g[j] = dCell * i[j] * Slope(s.G, g[j]);
            (i[j], f[j]) = (dIn, dForget);
            if (!peepholes.IsEmpty)
                dPrevious = MathF.FusedMultiplyAdd(dIn, peepholes[j], MathF.FusedMultiplyAdd(dForget, peepholes[2 * hidden + j], dPrevious));
            dc[j] = dPrevious;
        }
        for (var j = 0; !dPeepholes.IsEmpty && j < hidden; j++)
        {
            dPeepholes[j] = MathF.FusedMultiplyAdd(i[j], cPrevious[j], dPeepholes[j]);
            dPeepholes[hidden + j] = MathF.FusedMultiplyAdd(o[j], c[j], dPeepholes[hidden + j]);
            dPeepholes[2 * hidden + j] = MathF.FusedMultiplyAdd(f[j], cPrevious[j], dPeepholes[2 * hidden + j]);
        }
    }

    static void State(ReadOnlySpan<float> i, ReadOnlySpan<float> f, ReadOnlySpan<float> g, ReadOnlySpan<float> cPrevious, Span<float> c)
    {
        for (var j = 0; j < i.Length; j++) c[j] = MathF.FusedMultiplyAdd(f[j], cPrevious[j], i[j] * g[j]);
    }

    static void AddPeephole(ReadOnlySpan<float> peepholes, int gate, ReadOnlySpan<float> c, Span<float> sums)
    {
        if (peepholes.IsEmpty) return;
        var p = peepholes.Slice(gate * c.Length, c.Length);
        for (var j = 0; j < p.Length; j++) sums[j] = MathF.FusedMultiplyAdd(p[j], c[j], sums[j]);
    }

    /// <summary>The derivative of an activation where it has the value y.</summary>
    static float Slope(UnaryKind activation, float y) => activation switch
    {
        UnaryKind.Sigmoid => y * (1f - y),
        UnaryKind.Tanh => MathF.FusedMultiplyAdd(-y, y, 1f),
        _ => y > 0f ? 1f : 0f,
    };
}
