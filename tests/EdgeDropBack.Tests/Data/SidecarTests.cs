using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

public sealed class SidecarTests : IDisposable
{
    readonly TempFolder _folder = new();

    static Sidecar Example() => new()
    {
        ModelHash = "00ff",
        ClassNames = ["cat", "dög"],
        Preprocessing = Preprocessing.ForModel([-1, 3, 32, 32], new() { Mean = [0.1f, 0.2f, 0.3f], Std = [0.5f] }),
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItReadsBackAsWrittenAndLeavesNoOtherFile()
    {
        var path = Sidecar.PathFor(_folder["m.edb"]);
        Example().Save(path);
        var back = Sidecar.Read(path);
        Assert.Equal(Example().ModelHash, back.ModelHash);
        Assert.Equal(Example().ClassNames, back.ClassNames);
        Assert.Equivalent(Example().Preprocessing, back.Preprocessing, strict: true);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void ANewerVersionIsRefusedWithBothVersions()
    {
        var message = DataTest.Refused(() => Sidecar.Read(_folder.Write("s.json", """{"formatVersion":7,"unknown":[]}""")));
        Assert.Contains("version 7", message);
        Assert.Contains("up to 1", message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"formatVersion":"1"}""")]
    [InlineData("""{"formatVersion":1}""")]
    [InlineData("""{"formatVersion":1,"modelHash":"0","preprocessing":null}""")]
    [InlineData("""{"formatVersion":1,"modelHash":"0","preprocessing":{"std":[0]}}""")]
    public void DamagedFilesAreRefused(string text) => DataTest.Refused(() => Sidecar.Read(_folder.Write("s.json", text)));

    [Fact]
    public void MutatedFilesAreReadOrRefused()
    {
        Example().Save(_folder["s.json"]);
        var source = File.ReadAllBytes(_folder["s.json"]);
        for (var seed = 0; seed < DataTest.Mutations; seed++)
            DataTest.RefusedOrDone(() => Sidecar.Read(_folder.Write("s.json", DataTest.Mutate(source, seed))));
    }
}
