namespace EdgeDropBack.Kernels.Tests;

/// <summary>The cells' forwards against the plain reference, bit for bit, and their backwards against differences of it.</summary>
public sealed class RecurrentCellTests
{
    const float Step = 1f / 64;

    public static TheoryData<int, UnaryKind> Widths
    {
        get
        {
            var data = new TheoryData<int, UnaryKind>();
            foreach (var hidden in new[] { 1, 7, 8, 33, 64 })
                foreach (var activation in new[] { UnaryKind.Sigmoid, UnaryKind.Tanh }) data.Add(hidden, activation);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void LstmEqualsTheReference(int hidden, UnaryKind activation)
    {
        var s = new CellShape(CellKind.Lstm, hidden, activation, UnaryKind.Tanh, UnaryKind.Tanh);
        float[] sums = Values.Normal(4 * hidden, 1), peepholes = Values.Normal(3 * hidden, 2), before = Values.Normal(hidden, 3);
        foreach (var p in new[] { peepholes, [] })
        {
            float[] gates = [.. sums], c = new float[hidden], h = new float[hidden];
            RecurrentCell.Lstm(s, gates, p, before, c, h);
            for (var j = 0; j < hidden; j++)
            {
                var expected = Lstm(s, sums, p, before, j);
                Assert.Equal(expected.H, h[j]);
                Assert.Equal(expected.C, c[j]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void LstmBackwardIsThatOfDifferences(int hidden, UnaryKind activation)
    {
        var s = new CellShape(CellKind.Lstm, hidden, activation, UnaryKind.Tanh, UnaryKind.Tanh);
        float[] sums = Values.Normal(4 * hidden, 1), p = Values.Normal(3 * hidden, 2), before = Values.Normal(hidden, 3);
        float[] dh = Values.Normal(hidden, 4), dc = Values.Normal(hidden, 5);
        float[] gates = [.. sums], c = new float[hidden], h = new float[hidden];
        RecurrentCell.Lstm(s, gates, p, before, c, h);
        float[] dPrevious = [.. dc], dPeepholes = new float[3 * hidden];
        RecurrentCell.LstmBackward(s, gates, p, before, dh, dPrevious, dPeepholes, new float[2 * hidden]);
        for (var j = 0; j < hidden; j++)
        {
            var at = j;
            double Value()
            {
                var (newH, newC) = Lstm(s, sums, p, before, at);
                return (double)newH * dh[at] + (double)newC * dc[at];
            }
            for (var gate = 0; gate < 4; gate++) Near(gates[gate * hidden + j], Slope(sums, gate * hidden + j, Value));
            for (var gate = 0; gate < 3; gate++) Near(dPeepholes[gate * hidden + j], Slope(p, gate * hidden + j, Value));
            Near(dPrevious[j], Slope(before, j, Value));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void GruEqualsTheReferenceAndItsBackwardIsThatOfDifferences(int hidden, UnaryKind activation)
    {
        var s = new CellShape(CellKind.GruResetAfter, hidden, activation, UnaryKind.Tanh, UnaryKind.Tanh);
        float[] sums = Values.Normal(3 * hidden, 1), recurrent = Values.Normal(hidden, 2), before = Values.Normal(hidden, 3), dh = Values.Normal(hidden, 4);
        float[] gates = [.. sums], h = new float[hidden], dPrevious = new float[hidden];
        float Value(int j) => Reference.Gru(s, sums[j], sums[hidden + j], sums[2 * hidden + j], recurrent[j], before[j]);
        RecurrentCell.GruGates(s, gates);
        RecurrentCell.GruOutput(s, gates, recurrent, before, h);
        for (var j = 0; j < hidden; j++) Assert.Equal(Value(j), h[j]);

        RecurrentCell.GruOutputBackward(s, gates, before, dh, dPrevious);
        float[] dProduct = gates[(2 * hidden)..];
        RecurrentCell.GruResetBackward(s, gates.AsSpan(hidden, hidden), recurrent, dProduct);
        for (var j = 0; j < hidden; j++)
        {
            var at = j;
            for (var gate = 0; gate < 3; gate++) Near(gates[gate * hidden + j], Slope(sums, gate * hidden + j, () => Value(at) * dh[at]));
            Near(dProduct[j], Slope(recurrent, j, () => Value(at) * dh[at]));
            Near(dPrevious[j], Slope(before, j, () => Value(at) * dh[at]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    public void RnnEqualsTheReference(int hidden)
    {
        var s = new CellShape(CellKind.Rnn, hidden, UnaryKind.Tanh, UnaryKind.Tanh, UnaryKind.Tanh);
        float[] sums = Values.Normal(hidden, 1), dh = Values.Normal(hidden, 2), gates = [.. sums], h = new float[hidden];
        RecurrentCell.Rnn(s, gates, h);
        for (var j = 0; j < hidden; j++) Assert.Equal(Reference.Rnn(s, sums[j]), h[j]);
        RecurrentCell.RnnBackward(s, gates, dh, new float[hidden]);
        for (var j = 0; j < hidden; j++)
        {
            var at = j;
            Near(gates[j], Slope(sums, j, () => Reference.Rnn(s, sums[at]) * dh[at]));
        }
    }

    static (float H, float C) Lstm(in CellShape s, float[] sums, float[] p, float[] before, int j)
    {
        var hidden = s.Hidden;
        var peepholes = p.Length == 0 ? default : (p[j], p[hidden + j], p[2 * hidden + j]);
        return Reference.Lstm(s, sums[j], sums[hidden + j], sums[2 * hidden + j], sums[3 * hidden + j], peepholes, before[j]);
    }

    static double Slope(float[] values, int at, Func<double> value)
    {
        double At(int steps)
        {
            var kept = values[at];
            values[at] = kept + steps * Step;
            var result = value();
            values[at] = kept;
            return result;
        }
        return (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * Step);
    }

    static void Near(double actual, double expected) => Assert.True(Math.Abs(actual - expected) <= 2e-4 * Math.Max(1, Math.Abs(expected)),
        $"{actual}, expected {expected}");
}
