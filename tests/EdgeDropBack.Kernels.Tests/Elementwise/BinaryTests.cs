namespace EdgeDropBack.Kernels.Tests;

public sealed class BinaryTests
{
    static readonly (int[] A, int[] B)[] s_shapes =
    [
        ([], []), ([5], []), ([], [5]), ([7, 9], [7, 9]), ([3, 17], [17]), ([2, 3, 4, 5], [1, 3, 1, 1]), ([2, 3, 19], [3, 1]), ([4, 1], [1, 6]),
        ([2, 1, 5, 1], [3, 1, 4]), ([1, 1], [2, 2]), ([0, 3], [3]), ([3], [2, 1]), ([8, 1, 33], [1, 4, 33]), ([1], [1]),
    ];

    public static TheoryData<BinaryKind> Kinds => [.. Enum.GetValues<BinaryKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryBroadcastGivesTheBitsOfTheReference(BinaryKind kind)
    {
        var samples = new Samples(11);
        foreach (var (a, b) in s_shapes)
        {
            var broadcast = new Broadcast(a, b);
            float[] va = samples.Mixed(broadcast.CountA), vb = samples.Mixed(broadcast.CountB), wanted = new float[broadcast.Count];
            Reference.Binary(kind, a, b, broadcast.Shape, va, vb, wanted);
            Check<Lanes256>(kind, broadcast, va, vb, wanted);
            Check<Lanes128x2>(kind, broadcast, va, vb, wanted);
        }
        for (int length = 0; length <= 256; length++)
        {
            float[] va = samples.Mixed(length), vb = samples.Mixed(length), wanted = new float[length];
            int[] shape = [length];
            Reference.Binary(kind, shape, shape, shape, va, vb, wanted);
            Check<Lanes256>(kind, new Broadcast(shape, shape), va, vb, wanted);
            Check<Lanes128x2>(kind, new Broadcast(shape, shape), va, vb, wanted);
        }
    }

    static void Check<T>(BinaryKind kind, Broadcast broadcast, float[] a, float[] b, float[] wanted) where T : struct, ILanes<T>
    {
        using var output = new Guarded(broadcast.Count);
        Elementwise.BinaryWith<T>(kind, broadcast, a, b, output.Span);
        Samples.AssertSame(wanted, output.Span, $"{kind} [{string.Join(",", broadcast.Shape)}] {typeof(T).Name}");
        if (broadcast.CountA != broadcast.Count) return;
        a.CopyTo(output.Span);
        Elementwise.BinaryWith<T>(kind, broadcast, output.Span, b, output.Span);
        Samples.AssertSame(wanted, output.Span, $"{kind} in place");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GradientsAreCentralDifferencesInDoubleSummedOverRepeats(BinaryKind kind)
    {
        const double Step = 1e-5;
        var samples = new Samples(12);
        foreach (var (a, b) in s_shapes)
        {
            var broadcast = new Broadcast(a, b);
            bool positive = kind is BinaryKind.Pow or BinaryKind.Div;
            float[] va = samples.Array(broadcast.CountA, positive ? 0.5f : -2f, 2f), vb = samples.Array(broadcast.CountB, positive ? 0.5f : -2f, 2f);
            float[] dy = samples.Array(broadcast.Count);
            double[] da = new double[broadcast.CountA], db = new double[broadcast.CountB];
            for (int o = 0; o < dy.Length; o++)
            {
                int ia = Reference.BroadcastIndex(o, broadcast.Shape, a), ib = Reference.BroadcastIndex(o, broadcast.Shape, b);
                da[ia] += dy[o] * (Exact(kind, va[ia] + Step, vb[ib]) - Exact(kind, va[ia] - Step, vb[ib])) / (2 * Step);
                db[ib] += dy[o] * (Exact(kind, va[ia], vb[ib] + Step) - Exact(kind, va[ia], vb[ib] - Step)) / (2 * Step);
            }
            CheckGradient<Lanes256>(kind, broadcast, va, vb, dy, da, db);
            CheckGradient<Lanes128x2>(kind, broadcast, va, vb, dy, da, db);
        }
    }

    static void CheckGradient<T>(BinaryKind kind, Broadcast broadcast, float[] a, float[] b, float[] dy, double[] da, double[] db)
        where T : struct, ILanes<T>
    {
        using Guarded first = new(a.Length), second = new(b.Length), alone = new(b.Length);
        Elementwise.BinaryBackwardWith<T>(kind, broadcast, a, b, dy, first.Span, second.Span);
        Near(da, first.Span);
        Near(db, second.Span);
        Elementwise.BinaryBackward(kind, broadcast, a, b, dy, default, alone.Span);
        Samples.AssertSame(second.Span, alone.Span, $"{kind} [{string.Join(",", broadcast.Shape)}] widths");
    }

    static void Near(double[] wanted, ReadOnlySpan<float> got)
    {
        for (int i = 0; i < wanted.Length; i++)
            Assert.True(Math.Abs(wanted[i] - got[i]) <= 3e-5 * Math.Max(Math.Abs(wanted[i]), 4.0), $"gradient {i} is {got[i]:R}, wanted {wanted[i]:R}");
    }

    [Fact]
    public void RepeatedGradientsAreSummedInTheStatedOrder()
    {
        var samples = new Samples(13);
        float[] dy = samples.Array(6 * 37), wanted = new float[3], got = new float[3];
        for (int plane = 0; plane < 6; plane++) wanted[plane % 3] += Reference.Sum8(dy.AsSpan(plane * 37, 37));
        Elementwise.BinaryBackward(BinaryKind.Add, new Broadcast([2, 3, 37], [3, 1]), default, default, dy, default, got);
        Samples.AssertSame(wanted, got, "bias gradient");
        float[] columns = new float[37], sums = new float[37];
        Reference.ColumnSums(dy, columns, 6, 37);
        Elementwise.BinaryBackward(BinaryKind.Add, new Broadcast([6, 37], [37]), default, default, dy, default, sums);
        Samples.AssertSame(columns, sums, "column gradient");
    }

    [Fact]
    public void TiesShareTheGradientAndZeroBasesAreFinite()
    {
        float[] da = new float[1], db = new float[1];
        Elementwise.BinaryBackward(BinaryKind.Max, new Broadcast([], []), [2f], [2f], [1f], da, db);
        Assert.Equal((0.5f, 0.5f), (da[0], db[0]));
        Elementwise.BinaryBackward(BinaryKind.Pow, new Broadcast([], []), [0f], [2f], [1f], da, db);
        Assert.Equal((0f, 0f), (da[0], db[0]));
    }

    [Fact]
    public void SumsOfOneShapeGiveTheBitsOfAddAndReluAtAllLengths()
    {
        var samples = new Samples(12);
        using var workers = new Workers(2);
        for (int length = 0; length <= 256; length++) Check<Lanes256>(length);
        for (int length = 0; length <= 256; length++) Check<Lanes128x2>(length);
        Check<Lanes256>(40_003);

        void Check<T>(int length) where T : struct, ILanes<T>
        {
            float[] a = samples.Mixed(length), b = samples.Mixed(length), dy = samples.Mixed(length), sum = new float[length], rectified = new float[length];
            int[] shape = [length];
            Reference.Binary(BinaryKind.Add, shape, shape, shape, a, b, sum);
            for (int i = 0; i < length; i++) rectified[i] = sum[i] <= 0f ? 0f : sum[i];
            using Guarded y = new(length), da = new(length), db = new(length);
            Elementwise.SumWith<T>(a, b, y.Span, rectified: false);
            Samples.AssertSame(sum, y.Span, $"sum of {length}");
            Elementwise.SumWith<T>(a, b, y.Span, rectified: true);
            Samples.AssertSame(rectified, y.Span, $"rectified sum of {length}");
            Elementwise.Add(workers, a, b, y.Span, rectified: true);
            Samples.AssertSame(rectified, y.Span, $"rectified sum of {length} by two");
            a.CopyTo(y.Span);
            Elementwise.SumWith<T>(y.Span, b, y.Span, rectified: true);
            Samples.AssertSame(rectified, y.Span, $"rectified sum of {length} in place");
            float[] wanted = new float[length];
            for (int i = 0; i < length; i++) wanted[i] = rectified[i] <= 0f ? 0f : dy[i];
            Elementwise.SumBackwardWith<T>(rectified, dy, da.Span, db.Span);
            Samples.AssertSame(wanted, da.Span, $"da of {length}");
            Samples.AssertSame(wanted, db.Span, $"db of {length}");
            dy.CopyTo(db.Span);
            Elementwise.AddBackward(workers, rectified, db.Span, default, db.Span);
            Samples.AssertSame(wanted, db.Span, $"db of {length} in place");
            dy.CopyTo(da.Span);
            Elementwise.AddBackward(workers, default, da.Span, da.Span, db.Span);
            Samples.AssertSame(dy, da.Span, $"plain da of {length} in place");
            Samples.AssertSame(dy, db.Span, $"plain db of {length}");
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(40_003)]
    public void AdditionsAndDescentsSplitOverThreadsKeepTheirBits(int length)
    {
        var samples = new Samples(13);
        using var workers = new Workers(3);
        float[] x = samples.Mixed(length), y = samples.Mixed(length);
        float[] wanted = [.. y], split = [.. y];
        Elementwise.AddTo(x, wanted);
        Elementwise.AddTo(workers, x, split);
        Samples.AssertSame(wanted, split, "sum");
        Elementwise.Descend(x, 0.5f, 0.1f, wanted);
        Elementwise.Descend(workers, x, 0.5f, 0.1f, split);
        Samples.AssertSame(wanted, split, "descent");
    }

    [Fact]
    public void ShapesThatDoNotBroadcastAreRefused() => Assert.Throws<ArgumentException>(() => new Broadcast([2, 3], [2]));

    [Fact]
    public void PlainHelpersWorkAtAllLengths()
    {
        for (int length = 0; length <= 256; length++)
        {
            var samples = new Samples((ulong)length);
            float[] x = samples.Mixed(length), y = samples.Mixed(length), sum = new float[length], scaled = new float[length];
            for (int i = 0; i < length; i++) (sum[i], scaled[i]) = (y[i] + x[i], x[i] * 0.37f);
            using Guarded wide = new(length), narrow = new(length);
            y.CopyTo(wide.Span);
            y.CopyTo(narrow.Span);
            Elementwise.AddToWith<Lanes256>(x, wide.Span);
            Elementwise.AddToWith<Lanes128x2>(x, narrow.Span);
            Samples.AssertSame(sum, wide.Span, "AddTo");
            Samples.AssertSame(sum, narrow.Span, "AddTo");
            Elementwise.ScaleWith<Lanes256>(x, 0.37f, wide.Span);
            Elementwise.ScaleWith<Lanes128x2>(x, 0.37f, narrow.Span);
            Samples.AssertSame(scaled, wide.Span, "Scale");
            Samples.AssertSame(scaled, narrow.Span, "Scale");
        }
    }

    static double Exact(BinaryKind kind, double a, double b) => kind switch
    {
        BinaryKind.Add => a + b,
        BinaryKind.Sub => a - b,
        BinaryKind.Mul => a * b,
        BinaryKind.Div => a / b,
        BinaryKind.Pow => Math.Pow(a, b),
        BinaryKind.Min => Math.Min(a, b),
        BinaryKind.Max => Math.Max(a, b),
        BinaryKind.PRelu => a > 0 ? a : a * b,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
