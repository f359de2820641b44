namespace EdgeDropBack.Kernels.Tests;

public sealed class LayoutTests
{
    /// <summary>Result index to source index through nested strides, from first principles.</summary>
    static int[] Map(int[] shape, Func<int[], int[]> source, int[] sourceShape)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        var map = new int[count];
        for (int o = 0; o < count; o++)
        {
            var index = new int[shape.Length];
            for (int d = shape.Length - 1, rest = o; d >= 0; d--)
            {
                index[d] = rest % shape[d];
                rest /= shape[d];
            }
            int flat = 0;
            int[] from = source(index);
            for (int d = 0; d < sourceShape.Length; d++) flat = (flat * sourceShape[d]) + from[d];
            map[o] = flat;
        }
        return map;
    }

    static void Check(StridedView view, int[] map)
    {
        var samples = new Samples(51);
        float[] x = samples.Mixed(view.SourceCount), dy = samples.Array(view.Count), wanted = new float[view.Count];
        double[] dx = new double[view.SourceCount];
        Assert.Equal(map.Length, view.Count);
        for (int o = 0; o < map.Length; o++)
        {
            wanted[o] = x[map[o]];
            dx[map[o]] += dy[o];
        }
        using Guarded y = new(view.Count), gradient = new(view.SourceCount);
        Layout.CopyView(x, y.Span, view);
        Samples.AssertSame(wanted, y.Span, "view");
        Layout.AddView(dy, gradient.Span, view);
        for (int i = 0; i < dx.Length; i++) Assert.Equal(dx[i], gradient.Span[i], 1e-5);
    }

    [Fact]
    public void EveryPermutationOfFourAxesIsTransposed()
    {
        int[][] shapes = [[2, 3, 4, 5], [1, 9, 1, 17], [3, 4, 8, 33], [2, 1, 16, 16]];
        foreach (int[] shape in shapes)
        {
            foreach (int[] p in Permutations())
            {
                int[] result = [.. p.Select(axis => shape[axis])];
                Check(StridedView.Transpose(shape, p), Map(result, index =>
                {
                    var from = new int[4];
                    for (int d = 0; d < 4; d++) from[p[d]] = index[d];
                    return from;
                }, shape));
            }
        }
    }

    static IEnumerable<int[]> Permutations()
    {
        for (int code = 0; code < 256; code++)
        {
            int[] p = [code & 3, (code >> 2) & 3, (code >> 4) & 3, code >> 6];
            if (p.Distinct().Count() == 4) yield return p;
        }
    }

    [Fact]
    public void SlicesWithStepsInBothDirections()
    {
        int[] shape = [4, 5, 12], starts = [3, 0, 11], counts = [2, 3, 4], steps = [-2, 2, -3];
        Check(StridedView.Slice(shape, starts, counts, steps),
            Map(counts, i => [.. i.Select((v, d) => starts[d] + (v * steps[d]))], shape));
        Check(StridedView.Slice([6], [1], [4], [1]), [1, 2, 3, 4]);
        Check(StridedView.Slice([6], [1], [0], [1]), []);
        Assert.Throws<ArgumentException>(() => StridedView.Slice([6], [1], [6], [1]));
    }

    [Fact]
    public void ExpandedAxesRepeatAndTheirGradientsAdd()
    {
        Check(StridedView.Expand([3, 1, 5], [2, 3, 4, 5]), Map([2, 3, 4, 5], i => [i[1], 0, i[3]], [3, 1, 5]));
        Check(StridedView.Expand([6, 1], [6, 19]), Map([6, 19], i => [i[0], 0], [6, 1]));
        Check(StridedView.Expand([], [7]), new int[7]);
        Assert.Throws<ArgumentException>(() => StridedView.Expand([3], [4]));
    }

    [Fact]
    public void TilesRepeatTheWhole()
    {
        var view = StridedView.Tile([2, 3], [2, 4]);
        Assert.Equal([4, 12], view.Shape);
        Check(view, Map([4, 12], i => [i[0] % 2, i[1] % 3], [2, 3]));
    }

    [Fact]
    public void WindowsOverTheDepthOverlap()
    {
        Check(StridedView.DepthWindows(2, 3, 9, 4, 3, 2, 2, 3),
            Map([2, 3, 3, 2, 4], i => [i[0], i[2], (i[1] * 2) + (i[3] * 3), i[4]], [2, 3, 9, 4]));
        Check(StridedView.DepthWindows(1, 2, 5, 1, 4, 2, 1, 1), Map([1, 4, 2, 2, 1], i => [0, i[2], i[1] + i[3], 0], [1, 2, 5, 1]));
        Assert.Throws<ArgumentException>(() => StridedView.DepthWindows(1, 1, 4, 1, 3, 2, 2, 1));
    }

    [Fact]
    public void DepthAndSpaceExchange()
    {
        Check(StridedView.DepthToSpace(2, 8, 3, 5, 2, columnRowDepth: false),
            Map([2, 2, 6, 10], i => [i[0], (((i[2] % 2 * 2) + (i[3] % 2)) * 2) + i[1], i[2] / 2, i[3] / 2], [2, 8, 3, 5]));
        Check(StridedView.DepthToSpace(2, 8, 3, 5, 2, columnRowDepth: true),
            Map([2, 2, 6, 10], i => [i[0], (i[1] * 4) + (i[2] % 2 * 2) + (i[3] % 2), i[2] / 2, i[3] / 2], [2, 8, 3, 5]));
        Check(StridedView.SpaceToDepth(2, 3, 4, 6, 2),
            Map([2, 12, 2, 3], i => [i[0], i[1] % 3, (i[2] * 2) + (i[1] / 3 / 2), (i[3] * 2) + (i[1] / 3 % 2)], [2, 3, 4, 6]));
    }

    [Fact]
    public void GatheredRowsAddTheirGradients()
    {
        float[] y = new float[12], dx = new float[12];
        Layout.Gather([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, -3, 2], y, 2, 3, 2);
        Assert.Equal([5, 6, 1, 2, 5, 6, 11, 12, 7, 8, 11, 12], y);
        Layout.GatherBackward([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, -3, 2], dx, 2, 3, 2);
        Assert.Equal([3, 4, 0, 0, 6, 8, 9, 10, 0, 0, 18, 20], dx);
        Assert.Throws<ArgumentException>(() => Layout.Gather(new float[3], [3], new float[1], 1, 3, 1));
    }

    [Fact]
    public void WhereSendsTheGradientToTheChosenOperand()
    {
        float[] y = new float[3], da = new float[3], db = new float[3];
        Elementwise.Where([1, 0, float.NaN], [1, 2, 3], [4, 5, 6], y);
        Elementwise.WhereBackward([1, 0, float.NaN], [7, 8, 9], da, db);
        Assert.Equal([1, 5, 3], y);
        Assert.Equal([7, 0, 9], da);
        Assert.Equal([0, 8, 0], db);
    }

    [Fact]
    public void BlocksConcatenate()
    {
        float[] a = [1, 2, 3, 4], b = [5, 6], y = new float[6];
        Layout.CopyBlocks(a, y, 2, 2, 0, 3, 0, 2);
        Layout.CopyBlocks(b, y, 2, 1, 0, 3, 2, 1);
        Assert.Equal([1, 2, 5, 3, 4, 6], y);
    }

    [Theory]
    [InlineData(PadMode.Constant, new[] { 9f, 9, 1, 2, 3, 9, 9, 9 })]
    [InlineData(PadMode.Reflect, new[] { 3f, 2, 1, 2, 3, 2, 1, 2 })]
    [InlineData(PadMode.Edge, new[] { 1f, 1, 1, 2, 3, 3, 3, 3 })]
    [InlineData(PadMode.Wrap, new[] { 2f, 3, 1, 2, 3, 1, 2, 3 })]
    public void PaddingFollowsItsMode(PadMode mode, float[] wanted)
    {
        using var y = new Guarded(8);
        Layout.Pad([1, 2, 3], y.Span, 9f, new PadShape([3], [2, 3], mode));
        Assert.Equal(wanted, y.Span.ToArray());
    }

    [Fact]
    public void PaddingCropsAndItsGradientIsTheAdjoint()
    {
        foreach (var mode in Enum.GetValues<PadMode>())
        {
            foreach (int[] pads in new int[][] { [0, 1, 2, 0, 2, 1], [0, -1, 2, 1, 0, -3], [1, 0, -2, 0, 0, 3], [0, 0, -3, 0, 0, -2] })
            {
                var shape = new PadShape([2, 3, 5], pads, mode);
                var samples = new Samples(61);
                float[] x = samples.Array(30), y = new float[shape.Count], dy = samples.Array(shape.Count);
                using var dx = new Guarded(30);
                Layout.Pad(x, y, 0f, shape);
                Layout.PadBackward(dy, dx.Span, shape);
                double forward = 0, backward = 0;
                for (int i = 0; i < y.Length; i++) forward += (double)y[i] * dy[i];
                for (int i = 0; i < 30; i++) backward += (double)x[i] * dx.Span[i];
                Assert.Equal(forward, backward, 1e-4);
            }
        }
        float[] cropped = new float[2];
        Layout.Pad([1, 2, 3, 4], cropped, 0f, new PadShape([4], [-1, -1], PadMode.Constant));
        Assert.Equal([2, 3], cropped);
    }
}
