using System.Text.Json;
using EdgeDropBack.DeviceLink;

namespace EdgeDropBack.Cli.Tests;

/// <summary>What an agent does with a host's arguments.</summary>
public sealed class AgentWorkTests : IDisposable
{
    readonly TemporaryFolder _root = new();
    readonly AgentFolder _folder;
    readonly AgentWork _work = new();

    public AgentWorkTests()
    {
        _folder = new(_root["agent"], new());
        File.Copy(_root.Model(), _folder.At("tiny.onnx"));
        File.Copy(_root.Data(), _folder.At("data.npz"));
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void TheStoreIsThatOfALocalRunAndStaysInTheFolder()
    {
        string[] options = ["--steps", "20", "--batch", "8", "--lr", "0.4", "--budget", "10"];
        Assert.Equal(0, Edb.Run(["personalize", _root["tiny.onnx"], "--data", _root["data.npz"], "--store", _root["local.edb"], .. options]).Code);
        using var job = new AgentJob(1, []);
        using var result = JsonDocument.Parse(_work.Personalize(["tiny.onnx", "--data", "data.npz", .. options], _folder, job));
        Assert.Equal(_folder.At("tiny.edb"), result.RootElement.GetProperty("store").GetProperty("path").GetString());
        Assert.Equal(File.ReadAllBytes(_root["local.edb"]), File.ReadAllBytes(_folder.Existing("tiny.edb")));
        Assert.Equal(("training", 20), (job.Progress.Phase, job.Progress.Step));
    }

    [Theory]
    [InlineData("--data", "../data.npz")]
    [InlineData("--test", "/etc/passwd")]
    [InlineData("--store", "../tiny.edb")]
    [InlineData("--from", "../tiny.edb")]
    [InlineData("--report", "/tmp/report.json")]
    [InlineData("--picture", "../picture.svg")]
    [InlineData("--profile", "../profile.json")]
    [InlineData("--labels", "../labels.txt")]
    [InlineData("--retain", ".hidden")]
    [InlineData("--replay", "a/b")]
    public void EveryFileHasAPlainName(string option, string name)
    {
        using var job = new AgentJob(1, []);
        string[] data = option == "--data" ? [] : ["--data", "data.npz"];
        var error = Assert.Throws<EdbException>(() => _work.Personalize(["tiny.onnx", .. data, option, name], _folder, job));
        Assert.Equal(3, error.ExitCode);
        Assert.Contains("is no file name for the agent", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--report", "data.npz")]
    [InlineData("--report", "other.npz")]
    [InlineData("--picture", "tiny.onnx")]
    [InlineData("--picture", "other.npz")]
    public void AReportReplacesNoOtherFileOfTheBoard(string option, string name)
    {
        File.WriteAllText(_folder.At("other.npz"), "pushed for another day");
        var before = File.ReadAllBytes(_folder.At(name));
        using var job = new AgentJob(1, []);
        var error = Assert.Throws<EdbException>(() => _work.Personalize(["tiny.onnx", "--data", "data.npz", option, name], _folder, job));
        Assert.Equal(2, error.ExitCode);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.At(name)));
        Assert.False(File.Exists(_folder.At("tiny.edb")));
    }

    [Fact]
    public void AnEarlierReportAndPictureAreReplaced()
    {
        string[] train = ["tiny.onnx", "--data", "data.npz", "--steps", "2", "--lr", "0.4", "--accept-if", "off", "--report", "r.json", "--picture", "p.svg"];
        using var job = new AgentJob(1, []);
        _work.Personalize(train, _folder, job);
        _work.Personalize(train, _folder, job);
        Assert.True(File.Exists(_folder.At("r.json")) && File.Exists(_folder.At("p.svg")));
    }

    [Fact]
    public void ATrainingIsRefusedWhereTheFolderIsAtItsLimitAndTheStoreIsNew()
    {
        using var job = new AgentJob(1, []);
        string[] train = ["tiny.onnx", "--data", "data.npz", "--steps", "2", "--lr", "0.4", "--accept-if", "off"];
        _work.Personalize(train, _folder, job);
        var full = new AgentFolder(_folder.Path, new() { Files = Directory.GetFiles(_folder.Path).Length });
        _work.Personalize(train, full, job);
        var error = Assert.Throws<EdbException>(() => _work.Personalize([.. train, "--store", "other.edb"], full, job));
        Assert.Equal(3, error.ExitCode);
        Assert.Contains("--max-files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStoreHasItsSuffix() => Assert.Equal(2, Fails(["tiny.onnx", "--data", "data.npz", "--store", "tiny.onnx"]));

    [Theory]
    [InlineData("--no-such-option")]
    [InlineData("@tiny.onnx")]
    [InlineData("--batch", "0")]
    public void WrongArgumentsAreWrongUsage(params string[] arguments) => Assert.Equal(2, Fails(["tiny.onnx", "--data", "data.npz", .. arguments]));

    [Fact]
    public void EvaluationAndRollbackChangeWhatTheySay()
    {
        using var job = new AgentJob(1, []);
        string[] train = ["tiny.onnx", "--data", "data.npz", "--steps", "5", "--lr", "0.4", "--accept-if", "off"];
        _work.Personalize(train, _folder, job);
        var first = File.ReadAllBytes(_folder.Existing("tiny.edb"));
        _work.Personalize([.. train, "--seed", "2"], _folder, job);
        using var evaluation = JsonDocument.Parse(_work.Evaluate(["tiny.onnx", "--store", "tiny.edb", "--data", "data.npz"], _folder, _ => { }));
        Assert.Equal(60, evaluation.RootElement.GetProperty("samples").GetInt32());
        using var list = JsonDocument.Parse(_work.Rollback("tiny.edb", 1, _folder));
        Assert.Equal(2, list.RootElement.GetProperty("generations").GetArrayLength());
        Assert.Equal(first, File.ReadAllBytes(_folder.Existing("tiny.edb")));
        using var status = JsonDocument.Parse(_work.Status(_folder, job));
        Assert.Equal("training", status.RootElement.GetProperty("phase").GetString());
    }

    int Fails(IReadOnlyList<string> arguments)
    {
        using var job = new AgentJob(1, []);
        return Assert.Throws<EdbException>(() => _work.Personalize(arguments, _folder, job)).ExitCode;
    }
}
