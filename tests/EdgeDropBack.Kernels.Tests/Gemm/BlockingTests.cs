namespace EdgeDropBack.Kernels.Tests;

/// <summary>Drawn shapes around the sizes at which the drivers change their ways: deep blocks, results formed in place, tiles in pieces.</summary>
[Collection(KernelsCollection.Name)]
public sealed class BlockingTests
{
    static readonly int[] s_depths = [0, 1, 255, 256, 257, 511, 768, 1023, 1024, 1025, 1300];

    readonly Draw _draw = new(20);

    [Fact]
    public void Products()
    {
        for (var i = 0; i < 16; i++)
        {
            int m = _draw.Of(2) ? 12 * _draw.From(17, 30) : _draw.From(2, 300), n = _draw.Of(2) ? 64 * _draw.From(1, 6) : _draw.From(1, 400);
            var k = s_depths[i % s_depths.Length];
            while ((long)m * n * k > 12_000_000) n = Math.Max(1, n / 2);
            int cStride = n + (_draw.Of(2) ? 0 : _draw.From(1, 9)), aStride = k + _draw.From(0, 4);
            bool goesOn = _draw.Of(4), isTurned = _draw.Of(5);
            var (aRow, aColumn) = isTurned ? (1, m + 1) : (aStride, 1);
            float[] a = Values.Special((m + 2L) * (k + 5), (uint)i + 1), b = Values.Normal((n + 3L) * (k + 5), 2), start = Values.Normal((long)m * cStride, 3);
            var expected = start.ToArray();
            Reference.Multiply(a, aRow, aColumn, b, 1, k + 1, expected, cStride, m, n, k, goesOn);
            OnManyWorkers((workers, name) =>
            {
                var c = Values.Guarded((long)m * cStride);
                start.CopyTo(Values.Inside(c));
                Gemm.Multiply(workers, a, aRow, aColumn, b, 1, k + 1, Values.Inside(c), cStride, m, n, k, goesOn);
                Values.SameGuarded(expected, c, $"{name} {m}x{n}x{k}, stride {cStride}");
            });
        }
    }

    [Fact]
    public void ProductsWithWeights()
    {
        for (var i = 0; i < 12; i++)
        {
            int m = _draw.Of(2) ? 12 * _draw.From(17, 30) : _draw.From(1, 300), n = _draw.Of(2) ? 64 * _draw.From(1, 6) : _draw.From(1, 400);
            var k = s_depths[i % s_depths.Length];
            while ((long)m * n * k > 12_000_000) n = Math.Max(1, n / 2);
            var x = Values.Normal((m + 1L) * (k + 3), (uint)i + 1);
            var bias = _draw.Of(2) ? Values.Normal(n, 9) : [];
            var alpha = _draw.Of(2) ? 1f : -0.7f;
            bool transposed = _draw.Of(2), regenerated = _draw.Of(2);
            var tracked = new Tracked((long)n * k, 13, 3);
            var kind = regenerated ? BaseKind.Regenerated : BaseKind.Float32;
            var expected = new float[m * n];
            Reference.MultiplyWeights(x, k + 3, tracked.Over(Tracked.Source(kind, (long)n * k, 6)), transposed, bias, alpha, expected, m, n, k);
            OnManyWorkers((workers, name) =>
            {
                var y = Values.Guarded((long)m * n);
                Gemm.MultiplyWeights(workers, x, k + 3, tracked.Over(Tracked.Source(kind, (long)n * k, 6)), transposed, bias, alpha, Values.Inside(y), m, n, k);
                Values.SameGuarded(expected, y, $"{name} {m}x{n}x{k} {kind} {transposed} {alpha}");
            });
        }
    }

    [Fact]
    public void GradientsOfConvolutions()
    {
        for (var i = 0; i < 12; i++)
        {
            int groups = _draw.Of(2) ? 1 : _draw.From(1, 5), kernel = _draw.From(1, 4);
            var s = new ConvShape
            {
                Batch = _draw.From(0, 5),
                Groups = groups,
                InChannels = groups * _draw.From(1, 1 + 60 / groups),
                OutChannels = groups * _draw.From(1, 1 + 220 / groups),
                InHeight = _draw.From(3, 12),
                InWidth = _draw.From(3, 20),
                KernelHeight = kernel,
                KernelWidth = kernel,
                StrideHeight = _draw.From(1, 3),
                StrideWidth = _draw.From(1, 3),
                PadTop = _draw.From(0, 2),
                PadLeft = _draw.From(0, 2),
            };
            if (s.IsDepthwise || s.OutLength * s.WeightColumns > 8_000_000) continue;
            float[] dy = Values.Normal(s.OutLength, 3), x = Values.Normal(s.InLength, 4), expected = new float[s.WeightRows * s.WeightColumns];
            Reference.ConvolutionWeightGradient(dy, x, s, expected);
            OnManyWorkers((workers, name) =>
            {
                var sink = new GradientCollector(s.WeightRows, s.WeightColumns);
                WeightGradient.Convolution(workers, dy, x, s, sink);
                sink.Check(expected, $"{name} {s}");
            });
        }
    }

    static void OnManyWorkers(Action<Workers, string> test)
    {
        var active = KernelTable.Active;
        try
        {
            foreach (var name in KernelTable.Supported)
            {
                KernelTable.Force(name);
                foreach (var count in (int[])[1, 2, 5])
                {
                    using var workers = new Workers(count);
                    test(workers, $"{name} x{count}");
                }
            }
        }
        finally
        {
            KernelTable.Force(active);
        }
    }

    sealed class Draw(uint seed)
    {
        ulong _drawn;

        public int From(int first, int end) => first + (int)(IndexedRandom.Hash(seed, 5, _drawn++) % (uint)(end - first));

        /// <summary>True once in so many.</summary>
        public bool Of(int many) => From(0, many) == 0;
    }
}
