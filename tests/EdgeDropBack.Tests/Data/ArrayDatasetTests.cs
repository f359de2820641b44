using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class ArrayDatasetTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Dataset Open(NpyArray x, NpyArray y, DatasetOptions options)
    {
        NpzWriter.Write(_folder["d.npz"], [("x", x), ("y", y)]);
        return DatasetLoader.Open(_folder["d.npz"], options);
    }

    static NpyArray Bytes(params int[] shape)
    {
        var bytes = new byte[shape.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)i;
        return new NpyArray(NpyType.UInt8, shape, bytes);
    }

    [Fact]
    public void NpyPairsOpenByEitherFileByPrefixAndByFolder()
    {
        NpyWriter.Write(_folder["u-x.npy"], NpyArray.From([1f, 2f, 3f, 4f], 2, 2));
        NpyWriter.Write(_folder["u-y.npy"], NpyArray.From([1L, 0L], 2));
        foreach (var path in new[] { "u-x.npy", "u-y.npy", "u", "." })
        {
            var data = DatasetLoader.Open(_folder[path], DataTest.Options([2], 2));
            Assert.Equal([1, 0], data.Labels!);
            Assert.Equal([3f, 4f], DataTest.Sample(data, 1));
        }
        Assert.Contains("NAME-x.npy", DataTest.Refused(() =>
        {
            NpyWriter.Write(_folder["alone.npy"], NpyArray.From([1f], 1));
            DatasetLoader.Open(_folder["alone.npy"], DataTest.Options([1]));
        }));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, new[] { 2, 3 })]
    [InlineData(new[] { 6 }, new[] { 2, 3 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 6 })]
    [InlineData(new[] { 2, 3, 1 }, new[] { 1, 2, 3 })]
    [InlineData(new[] { -1, 3 }, new[] { 2, 3 })]
    public void ShapesThatDifferOnlyByAxesOfOneOrByFlatteningFit(int[] model, int[] sample)
    {
        var data = Open(Bytes([2, .. sample]), NpyArray.From([0L, 1L], 2), DataTest.Options(model, 2));
        Assert.Equal(6, data.SampleLength);
        Assert.Equal(Enumerable.Range(6, 6).Select(i => i / 255f), DataTest.Sample(data, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ImagesInTheOtherLayoutAreMoved(bool toNchw)
    {
        int[] nchw = [3, 2, 10], nhwc = [2, 10, 3];
        var (model, sample) = toNchw ? (nchw, nhwc) : (nhwc, nchw);
        var data = Open(Bytes([1, .. sample]), NpyArray.From([0L], 1), DataTest.Options(model, 2));
        Assert.Equal(model, data.SampleShape);
        var values = DataTest.Sample(data, 0);
        for (var c = 0; c < 3; c++)
            for (var p = 0; p < 20; p++)
                Assert.Equal((toNchw ? p * 3 + c : c * 20 + p) / 255f, values[toNchw ? c * 20 + p : p * 3 + c]);
    }

    [Fact]
    public void AShapeThatDoesNotFitIsRefusedWithBothShapes()
    {
        var message = DataTest.Refused(() => Open(Bytes(2, 5, 5), NpyArray.From([0L, 1L], 2), DataTest.Options([1, 4, 4], 2)));
        Assert.Contains("[5,5]", message);
        Assert.Contains("[1,4,4]", message);
        Assert.Contains("--size", message);
    }

    [Fact]
    public void ImageArraysAreConvertedWhereASizeIsAskedFor()
    {
        var asked = new PreprocessingOptions { Height = 4, Width = 4, Channels = 3 };
        var x = new NpyArray(NpyType.UInt8, [1, 8, 8], [.. Enumerable.Repeat((byte)255, 64)]);
        var data = Open(x, NpyArray.From([0L], 1), DataTest.Options([3, 4, 4], 2, asked));
        Assert.Equal([3, 4, 4], data.SampleShape);
        Assert.All(DataTest.Sample(data, 0), v => Assert.Equal(1f, v));
    }

    [Fact]
    public void MeanAndStdApplyByChannelInBothLayouts()
    {
        var asked = new PreprocessingOptions { Mean = [0f, 0.5f, 1f], Std = [1f, 2f, 4f] };
        foreach (var model in new[] { new[] { 3, 1, 2 }, [2, 1, 3] })
        {
            var x = new NpyArray(NpyType.UInt8, [1, .. model], [255, 255, 255, 255, 255, 255]);
            var values = DataTest.Sample(Open(x, NpyArray.From([0L], 1), DataTest.Options(model, 2, asked)), 0);
            Assert.Equal(model[0] == 3 ? [1f, 1f, 0.25f, 0.25f, 0f, 0f] : [1f, 0.25f, 0f, 1f, 0.25f, 0f], values);
        }
        var options = DataTest.Options([2], 2, new() { Mean = [1f], Std = [2f] });
        var floats = Open(NpyArray.From([3f, 5f], 1, 2), NpyArray.From([0L], 1), options);
        Assert.Equal([1f, 2f], DataTest.Sample(floats, 0));
    }

    [Theory]
    [InlineData(NpyType.Float64)]
    [InlineData(NpyType.Float16)]
    [InlineData(NpyType.Int16)]
    [InlineData(NpyType.Bool)]
    public void OtherTypesAreTakenAsTheyAre(Enum dataType)
    {
        var type = (NpyType)dataType;
        var bytes = type switch
        {
            NpyType.Float64 => BitConverter.GetBytes(1.0),
            NpyType.Float16 => BitConverter.GetBytes((Half)1),
            NpyType.Int16 => BitConverter.GetBytes((short)1),
            _ => [1],
        };
        var data = Open(new NpyArray(type, [1, 1], bytes), NpyArray.From([0L], 1), DataTest.Options([1], 2));
        Assert.Equal([1f], DataTest.Sample(data, 0));
    }

    [Fact]
    public void SamplesThatAreNotFiniteAreNamedSkippedAndCounted()
    {
        var x = NpyArray.From([1f, 2f, float.NaN, 4f, 5f, float.PositiveInfinity, 7f, 8f], 4, 2);
        var data = Open(x, NpyArray.From([0L, 1L, 0L, 1L], 4), DataTest.Options([2], 2));
        Assert.Equal([new("sample 1", "value 0 is NaN"), new SkippedSample("sample 2", "value 1 is infinite")], data.Skipped);
        Assert.Equal([0, 1], data.Labels!);
        Assert.Equal([7f, 8f], DataTest.Sample(data, 1));
        var allBad = NpyArray.From([float.NaN], 1, 1);
        Assert.Contains("sample 0", DataTest.Refused(() => Open(allBad, NpyArray.From([0L], 1), DataTest.Options([1], 2))));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void ALabelOutOfRangeIsRefusedWithSampleLabelAndRange(long label)
    {
        var message = DataTest.Refused(() => Open(NpyArray.From([1f, 2f], 2, 1), NpyArray.From([0L, label], 2), DataTest.Options([1], 3)));
        Assert.Contains($"sample 1 has label {label}, allowed are 0..2", message);
        Assert.Contains("--new-head", message);
    }

    [Fact]
    public void LabelsComeFromWholeFloatsColumnsAndOneHotRows()
    {
        var x = NpyArray.From([1f, 2f], 2, 1);
        var options = DataTest.Options([1], 3);
        Assert.Equal([2, 1], Open(x, NpyArray.From([2f, 1f], 2), options).Labels!);
        Assert.Equal([2, 1], Open(x, NpyArray.From([2L, 1L], 2, 1), options).Labels!);
        Assert.Equal([2, 1], Open(x, NpyArray.From([0f, 0f, 1f, 0f, 1f, 0f], 2, 3), options).Labels!);
        Assert.Contains("--loss mse", DataTest.Refused(() => Open(x, NpyArray.From([0.5f, 1f], 2), options)));
    }

    [Fact]
    public void TargetsAreReadAndClassesSpreadIntoThem()
    {
        var x = NpyArray.From([1f, 2f], 2, 1);
        var two = DataTest.Options([1], 2) with { TargetLength = 2 };
        var data = Open(x, NpyArray.From([0.5f, 1f, float.NaN, 0f], 2, 2), two);
        Assert.Equal([0.5f, 1f], data.Targets!);
        Assert.Null(data.Labels);
        Assert.Equal("sample 1", data.Skipped.Single().Name);
        var spread = Open(x, NpyArray.From([1L, 0L], 2), two);
        Assert.Equal([0f, 1f, 1f, 0f], spread.Targets!);
        Assert.Equal([1, 0], spread.Labels!);
        var row = new float[2];
        spread.CopyTarget(1, row);
        Assert.Equal([1f, 0f], row);
    }

    [Fact]
    public void ReadingASampleAllocatesNothing()
    {
        var options = DataTest.Options([3, 8, 8], 2, new() { Mean = [0.1f, 0.2f, 0.3f] });
        var data = Open(Bytes(4, 3, 8, 8), NpyArray.From([0L, 1L, 0L, 1L], 4), options);
        var subset = new DatasetSubset(data, [3, 1]);
        var sample = new float[data.SampleLength];
        subset.CopySample(0, sample);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            subset.CopySample(i & 1, sample);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void FloatPixelsWithoutScaleAreRemarkedOn()
    {
        var data = Open(NpyArray.From([0f, 255f], 1, 2), NpyArray.From([0L], 1), DataTest.Options([2], 2));
        Assert.Contains("--std 255", data.Notes.Single());
    }

    [Fact]
    public void ADataSetBeyondTheMemoryLimitIsRefused()
    {
        var options = DataTest.Options([2], 2) with { MaxBytes = 16 };
        var x = NpyArray.From(new float[20], 10, 2);
        Assert.Contains("the limit is 16", DataTest.Refused(() => Open(x, NpyArray.From(new long[10], 10), options)));
    }

    [Theory]
    [InlineData("nothing.npz")]
    [InlineData("nowhere/nothing")]
    public void AMissingPathIsRefused(string path) =>
        Assert.Contains("check the path", DataTest.Refused(() => DatasetLoader.Open(_folder[path], DataTest.Options([1]))));

    [Fact]
    public void UnknownContentIsRefusedWithItsFirstBytes() =>
        Assert.Contains("25504446", DataTest.Refused(() => DatasetLoader.Open(_folder.Write("a.pdf", "%PDF-1.7"), DataTest.Options([1]))));
}
