namespace EdgeDropBack.Kernels.Tests;

public sealed class ReductionTests
{
    static readonly (int[] Shape, int[] Axes)[] s_cases =
    [
        ([5], []), ([], []), ([4, 6], [1]), ([4, 6], [0]), ([3, 4, 5], [1]), ([3, 4, 5], [0, 2]), ([2, 3, 4, 5], [2, 3]), ([2, 3, 4, 5], [-3]),
        ([1, 7, 1], [0]), ([2, 19, 23], [2]), ([2, 19, 23], [1]), ([2, 19, 23], [0]), ([3, 1, 2, 9], [0, 3]), ([2, 1], [1]),
    ];

    public static TheoryData<ReduceKind> Kinds => [.. Enum.GetValues<ReduceKind>()];

    [Fact]
    public void SumsAreEightChainsAndOneTreeAtEveryWidth()
    {
        for (int length = 0; length <= 256; length++)
        {
            var samples = new Samples((ulong)length);
            foreach (bool special in new[] { false, true })
            {
                float[] a = special ? samples.Mixed(length) : samples.Array(length), b = special ? samples.Mixed(length) : samples.Array(length);
                Assert.True(Samples.Same(Reference.Sum8(a), Reduction.Sum8With<Lanes256>(a)));
                Assert.True(Samples.Same(Reference.Sum8(a), Reduction.Sum8With<Lanes128x2>(a)));
                Assert.True(Samples.Same(Reference.Dot8(a, b), Reduction.Dot8With<Lanes256>(a, b)));
                Assert.True(Samples.Same(Reference.Dot8(a, b), Reduction.Dot8With<Lanes128x2>(a, b)));
                if (!special) Assert.Equal(a.Sum(v => (double)v * v), Reduction.SumOfSquares(a), 1e-10);
            }
        }
    }

    [Fact]
    public void ColumnSumsAddRowsInOrder()
    {
        for (int columns = 0; columns <= 64; columns++)
        {
            var samples = new Samples((ulong)columns);
            float[] x = samples.Array(7 * columns), wanted = new float[columns];
            Reference.ColumnSums(x, wanted, 7, columns);
            using Guarded wide = new(columns), narrow = new(columns);
            Reduction.ColumnSumsWith<Lanes256>(x, wide.Span, 7, columns);
            Reduction.ColumnSumsWith<Lanes128x2>(x, narrow.Span, 7, columns);
            Samples.AssertSame(wanted, wide.Span, "columns");
            Samples.AssertSame(wanted, narrow.Span, "columns");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ReductionsAndTheirGradientsMatchDoublePrecision(ReduceKind kind)
    {
        const double Step = 1e-6;
        var samples = new Samples(21);
        foreach (var (dims, axes) in s_cases)
        {
            var shape = new ReduceShape(dims, axes);
            float[] x = samples.Array(shape.Count, kind == ReduceKind.LogSum ? 0.5f : -1.5f, 1.5f), dy = samples.Array(shape.OutputCount);
            double[] wanted = Exact(kind, dims, shape, x);
            using Guarded y = new(shape.OutputCount), narrow = new(shape.OutputCount), dx = new(shape.Count), narrowDx = new(shape.Count);
            Reduction.ReduceWith<Lanes256>(kind, shape, x, y.Span);
            Reduction.ReduceWith<Lanes128x2>(kind, shape, x, narrow.Span);
            Samples.AssertSame(y.Span, narrow.Span, $"{kind} widths");
            for (int o = 0; o < wanted.Length; o++) Assert.True(Math.Abs(wanted[o] - y.Span[o]) < 1e-5 * Math.Max(1, Math.Abs(wanted[o])), $"{kind} {o}");
            Reduction.ReduceBackwardWith<Lanes256>(kind, shape, x, y.Span, dy, dx.Span);
            Reduction.ReduceBackwardWith<Lanes128x2>(kind, shape, x, y.Span, dy, narrowDx.Span);
            Samples.AssertSame(dx.Span, narrowDx.Span, $"{kind} backward widths");
            for (int i = 0; i < x.Length; i += 1 + (x.Length / 40))
            {
                double slope = (Loss(i, Step) - Loss(i, -Step)) / (2 * Step);
                Assert.True(Math.Abs(slope - dx.Span[i]) < 2e-4 * Math.Max(1, Math.Abs(slope)), $"{kind} [{string.Join(",", dims)}] dx[{i}] = {dx.Span[i]:R}, wanted {slope:R}");
            }

            double Loss(int i, double change)
            {
                var moved = x.Select(v => (double)v).ToArray();
                moved[i] += change;
                return Exact(kind, dims, shape, moved).Zip(dy, (v, g) => v * g).Sum();
            }
        }
    }

    [Fact]
    public void TiesAndZerosFollowPyTorch()
    {
        var shape = new ReduceShape([4], []);
        float[] dx = new float[4];
        Reduction.ReduceBackward(ReduceKind.Max, shape, [1f, 3f, 3f, 2f], [3f], [1f], dx);
        Assert.Equal([0f, 0.5f, 0.5f, 0f], dx);
        Reduction.ReduceBackward(ReduceKind.Prod, shape, [2f, 0f, 3f, 4f], [0f], [1f], dx);
        Assert.Equal([0f, 24f, 0f, 0f], dx);
        Reduction.ReduceBackward(ReduceKind.Prod, shape, [0f, 0f, 3f, 4f], [0f], [1f], dx);
        Assert.Equal([0f, 0f, 0f, 0f], dx);
        float[] y = new float[1];
        Reduction.Reduce(ReduceKind.Max, shape, [1f, float.NaN, 3f, 2f], y);
        Assert.True(float.IsNaN(y[0]));
        Reduction.Reduce(ReduceKind.LogSumExp, shape, [1000f, float.NegativeInfinity, 1000f, 0f], y);
        Assert.Equal(1000f + MathF.Log(2f), y[0], 1e-4f);
    }

    static double[] Exact(ReduceKind kind, int[] dims, ReduceShape shape, float[] x) => Exact(kind, dims, shape, x.Select(v => (double)v).ToArray());

    static double[] Exact(ReduceKind kind, int[] dims, ReduceShape shape, double[] x)
    {
        var groups = new List<double>[shape.OutputCount];
        for (int i = 0; i < x.Length; i++) (groups[Reference.BroadcastIndex(i, dims, shape.KeptDimensions)] ??= []).Add(x[i]);
        return [.. groups.Select(g => kind switch
        {
            ReduceKind.Sum => g.Sum(),
            ReduceKind.Mean => g.Average(),
            ReduceKind.Max => g.Max(),
            ReduceKind.Min => g.Min(),
            ReduceKind.Prod => g.Aggregate((a, b) => a * b),
            ReduceKind.L1 => g.Sum(Math.Abs),
            ReduceKind.L2 => Math.Sqrt(g.Sum(v => v * v)),
            ReduceKind.LogSum => Math.Log(g.Sum()),
            ReduceKind.LogSumExp => Math.Log(g.Sum(Math.Exp)),
            ReduceKind.SumSquare => g.Sum(v => v * v),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        })];
    }
}
