using EdgeDropBack.Data;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Tests;

/// <summary>
/// Every file that a command writes, on a disk that is full and on one that is or turns read-only: exit code 1, the file is named, the old
/// one stays, and no temporary one is left.
/// </summary>
public sealed class DiskFaultTests : IDisposable
{
    const string NoMount = "mounting a small tmpfs needs root";

    readonly TemporaryFolder _folder = new();
    readonly SmallDisk? _disk = SmallDisk.Mount();

    public void Dispose()
    {
        _disk?.Dispose();
        _folder.Dispose();
    }

    [SkippableTheory]
    [InlineData("personalize", "--store")]
    [InlineData("personalize", "--report")]
    [InlineData("personalize", "--picture")]
    [InlineData("train", "--store")]
    [InlineData("train", "--report")]
    [InlineData("export", "-o")]
    [InlineData("new", "-o")]
    [InlineData("run", "-o")]
    [InlineData("gradients", "-o")]
    [InlineData("report", "--html")]
    [InlineData("report", "--trace")]
    public void AFullDiskCostsTheFileAloneAndAReadOnlyOneIsRefused(string command, string option)
    {
        Skip.If(_disk is null, NoMount);
        var output = option == "--store" ? _disk["user.edb"] : _disk["out"];
        var arguments = Prepare(command, option, output);
        File.WriteAllText(output, "old");
        if (option == "--store") File.Copy(_folder["s.edb"], output, overwrite: true);
        if (option == "--store") File.WriteAllText(output + ".lock", "");
        _disk.Fill();
        var before = _disk.Snapshot();
        var full = Edb.Run(arguments);
        Assert.Equal(1, full.Code);
        Assert.Contains($"cannot write '{output}", full.ErrorLine);
        Assert.Contains("the disk is full", full.ErrorLine);
        Assert.Equal(before, _disk.Snapshot());
        if (command is "personalize" or "train")
        {
            Assert.Equal(option != "--store", full.Json.GetProperty("accepted").GetBoolean());
            Assert.Contains(output, full.Json.GetProperty("notWritten")[0].GetString());
        }
        if (command == "gradients") Assert.Contains("loss", full.Out);
        _disk.MakeReadOnly();
        var readOnly = Edb.Run(arguments);
        Assert.Equal((1, ""), (readOnly.Code, readOnly.Out));
        Assert.Contains(output, readOnly.ErrorLine);
        Assert.Contains("read-only", readOnly.ErrorLine);
        Assert.Equal(before, _disk.Snapshot());
    }

    [SkippableFact]
    public void ACheckpointThatDoesNotFitEndsTheRunAndKeepsTheOneBefore()
    {
        Skip.If(_disk is null, NoMount);
        string[] run = ["personalize", _folder.Model(), "--data", _folder.Data(), "--lr", "0.1", "--accept-if", "off", "--json", "--store", _disk["user.edb"], "--checkpoint-every", "2", "--steps", "8"];
        Assert.Equal(0, Edb.Run(run).Code);
        _disk.Fill();
        var full = Edb.Run(run);
        Assert.Equal((1, ""), (full.Code, full.Out));
        Assert.Contains("user.edb.checkpoint", full.ErrorLine);
        Assert.Equal(["filler", "user.edb", "user.edb.json", "user.edb.lock"], Names());
        File.Delete(_disk["filler"]);
        Assert.Equal(0, Edb.Run([.. run, "--resume"]).Code);
    }

    [SkippableFact]
    public void ADiskThatTurnsReadOnlyInTheRunCostsNoResult()
    {
        Skip.If(_disk is null, NoMount);
        var options = new PersonalizeOptions
        {
            Model = _folder.Model(),
            Data = _folder.Data(),
            Rate = 0.1f,
            Steps = 6,
            AcceptIf = AcceptRule.Parse(""),
            Store = _disk["user.edb"],
            Report = _disk["report.json"],
            Picture = _disk["picture.svg"],
        };
        Personalizer.Run(options);
        var before = _disk.Snapshot();
        var turned = false;
        var result = Personalizer.Run(options with
        {
            Session = options.Session with { Seed = 9 },
            Progress = p =>
            {
                if (p.Step != 5 || turned) return;
                turned = true;
                _disk.MakeReadOnly();
            },
        });
        Assert.True(turned);
        Assert.False(result.Accepted);
        Assert.Equal(6, result.Steps);
        Assert.Equal(3, result.NotWritten.Count);
        foreach (var (line, name) in result.NotWritten.Zip((string[])["user.edb", "report.json", "picture.svg"]))
        {
            Assert.Contains(name, line);
            Assert.Contains("read-only", line);
        }
        Assert.Equal(before, _disk.Snapshot());
    }

    [SkippableFact]
    public void ARecordingStaysAndItsResultIsKnown()
    {
        Skip.If(_disk is null, NoMount);
        var path = _disk["motion.npz"];
        Save(path, 1);
        _disk.Fill();
        var before = _disk.Snapshot();
        Fails(() => Save(path, 2), "motion", "the disk is full");
        Assert.Equal(before, _disk.Snapshot());
        _disk.MakeReadOnly();
        Fails(() => Save(path, 2), "motion", "read-only");
        Assert.Equal(before, _disk.Snapshot());

        static void Save(string path, float value)
        {
            var file = new RecordingFile(path, "walking");
            file.Add([[value, value]], 2, 1);
            file.Save();
        }
    }

    [SkippableFact]
    public void AFileFromTheLineLeavesNothingOfItselfOnAFullDisk()
    {
        Skip.If(_disk is null, NoMount);
        File.WriteAllText(_disk["model.onnx"], "old");
        var before = _disk.Snapshot();
        var sent = new byte[100_000];
        using (var part = FilePart.Open(_disk["model.onnx.part"], sent.Length, System.Security.Cryptography.SHA256.HashData(sent)))
            Fails(() => AgentFolder.Guarded("model.onnx", () =>
            {
                part.Append(sent);
                return true;
            }), "model.onnx", "the disk is full");
        Assert.Equal(before, _disk.Snapshot());
        var folder = new AgentFolder(Path.GetDirectoryName(_disk["model.onnx"])!, new());
        Fails(() => folder.BeginPush("model.onnx", sent.Length, new byte[32]), "model.onnx", "disk is full");
        Assert.Equal(before, _disk.Snapshot());
    }

    [SkippableFact]
    public void ACacheThatCannotBeBegunLeavesNoFile()
    {
        Skip.If(_disk is null, NoMount);
        _disk.Fill();
        var before = _disk.Snapshot();
        Fails(() => PrefixCache.Open(Path.GetDirectoryName(_disk["x"])!, 1 << 20, new byte[32], 4, null), ".prefix", "the disk is full");
        Assert.Equal(before, _disk.Snapshot());
        _disk.MakeReadOnly();
        Fails(() => PrefixCache.Open(Path.GetDirectoryName(_disk["x"])!, 1 << 20, new byte[32], 4, null), ".prefix", "read-only");
        Assert.Equal(before, _disk.Snapshot());
    }

    [SkippableFact]
    public void PinningAndGoingBackLeaveTheGenerationsAlone()
    {
        Skip.If(_disk is null, NoMount);
        Prepare("run", "-o", _disk["out"]);
        File.Copy(_folder["s.edb"], _disk["user.edb"]);
        var generations = new Generations(_disk["user.edb"]);
        generations.Pin();
        using (StoreLock.Acquire(_disk["user.edb"])) _disk.Fill();
        var before = _disk.Snapshot();
        foreach (var command in (string[][])[["store", "pin", _disk["user.edb"]], ["store", "rollback", _disk["user.edb"], "--to", "pinned"]])
        {
            var full = Edb.Run(command);
            Assert.Equal(1, full.Code);
            Assert.Contains("the disk is full", full.ErrorLine);
            Assert.Equal(before, _disk.Snapshot());
        }
        _disk.MakeReadOnly();
        foreach (var command in (string[][])[["store", "pin", _disk["user.edb"]], ["store", "rollback", _disk["user.edb"], "--to", "pinned"]])
        {
            var readOnly = Edb.Run(command);
            Assert.Equal(1, readOnly.Code);
            Assert.Contains("read-only", readOnly.ErrorLine);
            Assert.Equal(before, _disk.Snapshot());
        }
    }

    /// <summary>Inputs on an ordinary disk, and the command that reads them.</summary>
    string[] Prepare(string command, string option, string output)
    {
        var (model, data) = (_folder.Model(), _folder.Data());
        string[] training = ["--data", data, "--steps", "2", "--lr", "0.1", "--accept-if", "off", "--json"];
        if (command == "train") Assert.Equal(0, Edb.Run("new", "mlp-8", "--input", "1x1x6", "--classes", "3", "-o", model, "--overwrite").Code);
        Assert.Equal(0, Edb.Run([command == "train" ? "train" : "personalize", model, .. training, "--store", _folder["s.edb"], "--report", _folder["r.json"]]).Code);
        NpzWriter.Write(_folder["x.npz"], [("x", NpyArray.From(TemporaryFolder.Numbers(4, 12, 1f), 2, 6))]);
        NpyWriter.Write(_folder["t.npy"], NpyArray.From([0L, 1L], 2));
        string[] store = option == "--store" ? [] : ["--store", _folder["other.edb"]];
        return command switch
        {
            "export" => ["export", model, "--store", _folder["s.edb"], "-o", output, "--overwrite"],
            "new" => ["new", "lenet-300-100", "-o", output, "--overwrite"],
            "run" => ["run", model, "--input", _folder["x.npz"], "-o", output],
            "gradients" => ["gradients", model, "--input", _folder["x.npz"], "--target", _folder["t.npy"], "-o", output],
            "report" => ["report", _folder["r.json"], option, output],
            _ => [command, model, .. training, .. store, option, output],
        };
    }

    string[] Names() => [.. Directory.GetFiles(Path.GetDirectoryName(_disk!["x"])!).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    static void Fails(Action write, params string[] says)
    {
        var failure = Assert.Throws<EdbException>(write);
        Assert.Equal(1, failure.ExitCode);
        Assert.All(says, text => Assert.Contains(text, failure.Message));
    }
}
