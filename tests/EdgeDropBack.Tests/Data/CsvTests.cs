using System.IO.Compression;
using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class CsvTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    Dataset Open(string text, DatasetOptions options) => DatasetLoader.Open(_folder.Write("d.csv", text), options);

    [Theory]
    [InlineData("label,a,b\n1,0.5,2\n0,1.5,3\n")]
    [InlineData("\uFEFFlabel,a,b\r\n1,0.5,2\r\n\r\n0,1.5,3")]
    [InlineData("a;b;class\n0.5;2;1\n1.5;3;0\n")]
    [InlineData("1,0.5,2.5\n0,1.5,3\n")]
    [InlineData("0.5\t2\t1\n1.5\t3\t0\n")]
    [InlineData("\"la\"\"bel\",a,b\n1,\"0.5\",2\n0,1.5,3\n")]
    public void TheLabelColumnIsFound(string text)
    {
        var data = Open(text, DataTest.Options([2], 2));
        Assert.Equal([1, 0], data.Labels!);
        Assert.Equal(1.5f, DataTest.Sample(data, 1)[0]);
        Assert.Equal(3f, DataTest.Sample(data, 1)[1]);
    }

    [Fact]
    public void MnistStyleRowsTakeTheColumnThatVaries()
    {
        var data = Open("5,0,128,0\n0,0,64,0\n", DataTest.Options([3], 10));
        Assert.Equal([5, 0], data.Labels!);
        Assert.Equal([0f, 64f, 0f], DataTest.Sample(data, 1));
    }

    [Fact]
    public void AnAmbiguousLabelColumnIsRefusedWithTheWayOut() =>
        Assert.Contains("'label'", DataTest.Refused(() => Open("1,5,0\n0,6,1\n", DataTest.Options([2], 2))));

    [Fact]
    public void TextLabelsFollowTheLabelsOrWithANewHeadTheirOrder()
    {
        const string Text = "0.5,1,dog\n0.25,2,cat\n0.1,3,dog\n";
        var named = Open(Text, DataTest.Options([2], 3) with { Labels = ["cat", "cow", "dog"] });
        Assert.Equal([2, 0, 2], named.Labels!);
        var head = Open(Text, DataTest.Options([2], 3) with { NewHead = true });
        Assert.Equal([1, 0, 1], head.Labels!);
        Assert.Equal(["cat", "dog"], head.ClassNames);
        Assert.Contains("--new-head", DataTest.Refused(() => Open(Text, DataTest.Options([2], 3))));
    }

    [Fact]
    public void BadRowsAreNamedByLineSkippedAndCounted()
    {
        var data = Open("label,a,b\n1,2,3\n0,x,3\n1,2\n0,nan,1\n0,5,6\n,1,1\n1.5,1,1\n", DataTest.Options([2], 2));
        Assert.Equal([1, 0], data.Labels!);
        Assert.Equal(["line 3", "line 4", "line 5", "line 7", "line 8"], data.Skipped.Select(s => s.Name));
        Assert.Contains("line 2", DataTest.Refused(() => Open("label,a,b\n1,x,x\n", DataTest.Options([2], 2))));
    }

    [Fact]
    public void AnOutOfRangeLabelIsNamedByLine() =>
        Assert.Contains("line 3 has label 9", DataTest.Refused(() => Open("label,a\n1,2\n9,2\n", DataTest.Options([1], 2))));

    [Fact]
    public void TargetsAreTheLastColumns()
    {
        var data = Open("1,2,0.5,0.25\n3,4,1.5,0.75\n", DataTest.Options([2], 2) with { TargetLength = 2 });
        Assert.Equal([0.5f, 0.25f, 1.5f, 0.75f], data.Targets!);
        Assert.Equal([3f, 4f], DataTest.Sample(data, 1));
    }

    [Fact]
    public void GzippedFilesReadAndTruncatedOnesAreRefused()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write("label,a\n"u8);
            for (var i = 0; i < 500; i++)
                gzip.Write(System.Text.Encoding.UTF8.GetBytes($"{i % 2},{i}\n"));
        }
        var bytes = packed.ToArray();
        Assert.Equal(500, DatasetLoader.Open(_folder.Write("d.csv.gz", bytes), DataTest.Options([1], 2)).Count);
        for (var length = 2; length < bytes.Length; length += 13)
            DataTest.Refused(() => DatasetLoader.Open(_folder.Write("d.csv.gz", bytes[..length]), DataTest.Options([1], 2)));
    }

    [Theory]
    [InlineData("\n\n")]
    [InlineData("label,a\n")]
    [InlineData("12\n13\n")]
    [InlineData("label,a\n1,\"2\n")]
    [InlineData("label,a,b\n1,2,3\n")]
    public void UnusableFilesAreRefused(string text) => DataTest.Refused(() => Open(text, DataTest.Options([1], 2)));

    [Fact]
    public void MutatedFilesAreReadOrRefused()
    {
        var source = "label,a,b\n1,2,3.5e3\n0,\"4\",5\n1,0.25,-1\n"u8.ToArray();
        var options = DataTest.Options([2], 2);
        for (var seed = 0; seed < DataTest.Mutations; seed++)
            DataTest.RefusedOrDone(() => DatasetLoader.Open(_folder.Write("d.csv", DataTest.Mutate(source, seed)), options));
    }
}
