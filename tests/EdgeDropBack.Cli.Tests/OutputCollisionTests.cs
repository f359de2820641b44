using System.Security.Cryptography;

namespace EdgeDropBack.Cli.Tests;

/// <summary>An output that is an input, or another output, is refused before any work, whatever it is called; nothing changes.</summary>
public sealed class OutputCollisionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> CommandsAndNames
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var command in OutputCommands.Names)
                foreach (var way in (string[])["itself", "dots", "link", "chain of links", "linked folder", "hard link"]) all.Add(command, way);
            return all;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(CommandsAndNames))]
    public void AnOutputThatIsAnInputIsRefused(string command, string way)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "files are told apart by inode, and links need no privilege, on Linux");
        var commands = new OutputCommands(_folder);
        var cases = 0;
        foreach (var (option, ending) in OutputCommands.Outputs(command))
        {
            foreach (var input in OutputCommands.Inputs(command))
            {
                // A store that goes on from one of its own generations keeps it as the previous one.
                if (option == "--store" && input.StartsWith("from.edb", StringComparison.Ordinal)) continue;
                if (ending.Length > 0 && input is not ("model.onnx" or "seeded.onnx" or "d.npz" or "x.npz" or "report.json" or "key")) continue;
                if (!Name(way, input, ending, $"case{cases++}", out var output)) continue;
                var before = Snapshot();
                var run = Edb.Run(commands.Arguments(command, option, output));
                Assert.True(run.Code == 2, $"{command} {option} {output} ({ending}) onto {input}: {run.Code}, {run.Error}");
                Assert.Contains($"'{output}'", run.ErrorLine);
                Assert.Contains("would replace", run.ErrorLine);
                Assert.Equal("", run.Out);
                Assert.Equal(before, Snapshot());
                foreach (var made in Directory.EnumerateFileSystemEntries(_folder.Path, "case*"))
                    if (Directory.Exists(made) && new FileInfo(made).LinkTarget is null) Directory.Delete(made, recursive: true);
                    else File.Delete(made);
            }
        }
        Assert.True(cases > 0);
    }

    [Theory]
    [InlineData("personalize", "--report", "a", "--picture", "a")]
    [InlineData("personalize", "--report", "a", "--picture", "a.edb.tmp")]
    [InlineData("personalize", "--report", "s.edb", "--store", "s.edb")]
    [InlineData("personalize", "--report", "s.edb.json", "--store", "s.edb")]
    [InlineData("personalize", "--picture", "s.edb.lock", "--store", "s.edb")]
    [InlineData("train", "--picture", "s.edb.checkpoint", "--store", "s.edb")]
    [InlineData("train", "--report", "s.edb.3", "--store", "s.edb")]
    [InlineData("report", "--html", "a", "--trace", "a")]
    public void TwoOutputsOfOneNameAreRefused(string command, string first, string a, string second, string b)
    {
        var commands = new OutputCommands(_folder);
        var before = Snapshot();
        var run = Edb.Run(commands.Arguments(command, first, _folder[a], second, _folder[b]));
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(first, run.ErrorLine);
        Assert.Contains(second, run.ErrorLine);
        Assert.Equal(before, Snapshot());
    }

    public static TheoryData<string> Commands => [.. OutputCommands.Names];

    [Theory]
    [MemberData(nameof(Commands))]
    public void AnOutputWithNowhereToBeIsRefusedBeforeAnyWork(string command)
    {
        var commands = new OutputCommands(_folder);
        Directory.CreateDirectory(_folder["folder"]);
        var before = Snapshot();
        foreach (var (option, ending) in OutputCommands.Outputs(command))
        {
            if (ending.Length > 0) continue;
            var missing = Edb.Run(commands.Arguments(command, option, _folder["none/out"]));
            Assert.Equal(2, missing.Code);
            Assert.Contains($"the folder '{_folder["none"]}' does not exist", missing.ErrorLine);
            var folder = Edb.Run(commands.Arguments(command, option, _folder["folder"]));
            Assert.Equal(2, folder.Code);
            Assert.Contains("is a folder", folder.ErrorLine);
        }
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void ACacheInAFolderOfSamplesIsRefused()
    {
        var commands = new OutputCommands(_folder);
        foreach (var folder in (string[])["photos", "photos/cache"])
        {
            var run = Edb.Run(commands.Arguments("personalize", "--cache", _folder[folder]));
            Assert.Equal(2, run.Code);
            Assert.Contains("--replay", run.ErrorLine);
        }
        Assert.False(Directory.Exists(_folder["photos/cache"]));
    }

    [Fact]
    public void AnAgentDoesNotServeTheFolderOfItsKey()
    {
        _ = new OutputCommands(_folder);
        var run = Edb.Run("agent", "--port", "/dev/none", "--key", _folder["key"], "--dir", _folder.Path);
        Assert.Equal(2, run.Code);
        Assert.Contains("--key", run.ErrorLine);
    }

    [Fact]
    public void TwoFilesOfOneNameArePushedOneAtATime()
    {
        _ = new OutputCommands(_folder);
        File.WriteAllText(_folder["photos/d.npz"], "another");
        var run = Edb.Run("device", "--port", "/dev/none", "push", _folder["d.npz"], _folder["photos/d.npz"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("would both be 'd.npz'", run.ErrorLine);
    }

    [Theory]
    [InlineData("new", "lenet-300-100")]
    [InlineData("export")]
    public void AFileThatStandsThereIsReplacedOnlyOnDemand(params string[] command)
    {
        var (model, data, mine) = (_folder.Model(), _folder.Data(), _folder["mine.onnx"]);
        Assert.Equal(0, Edb.Run("personalize", model, "--data", data, "--store", _folder["s.edb"], "--steps", "2", "--lr", "0.1", "--accept-if", "off").Code);
        File.WriteAllText(mine, "precious");
        string[] arguments = command[0] == "export" ? ["export", model, "--store", _folder["s.edb"], "-o", mine] : [.. command, "-o", mine];
        var refused = Edb.Run(arguments);
        Assert.Equal((2, ""), (refused.Code, refused.Out));
        Assert.Contains("--overwrite", refused.ErrorLine);
        Assert.Equal("precious", File.ReadAllText(mine));
        Assert.Equal(0, Edb.Run([.. arguments, "--overwrite"]).Code);
        Assert.Equal(0, Edb.Run("inspect", mine).Code);
        Assert.Equal(0, Edb.Run([.. arguments[..^1], _folder["other.onnx"]]).Code);
    }

    [SkippableFact]
    public void DevicesAreNoCollision()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "no such devices here");
        var (model, data) = (_folder.Model(), _folder.Data());
        Assert.Equal(0, Edb.Run("personalize", model, "--data", data, "--store", _folder["s.edb"], "--steps", "2", "--lr", "0.1", "--accept-if", "off",
            "--report", "/dev/null", "--picture", "/dev/null").Code);
        Assert.Equal(0, Edb.Run("export", model, "--store", _folder["s.edb"], "-o", "/dev/null").Code);
        Assert.Equal(0, Edb.Run("new", "lenet-300-100", "-o", "/dev/null").Code);
    }

    [Fact]
    public void ALearnedStoreIsGoneOnFromAndKept()
    {
        string[] run = ["personalize", _folder.Model(), "--data", _folder.Data(), "--store", _folder["s.edb"], "--steps", "2", "--lr", "0.1", "--accept-if", "off"];
        Assert.Equal(0, Edb.Run(run).Code);
        var first = File.ReadAllBytes(_folder["s.edb"]);
        Assert.Equal(0, Edb.Run([.. run, "--from", _folder["s.edb"]]).Code);
        Assert.Equal(first, File.ReadAllBytes(_folder["s.edb.1"]));
        Assert.Equal(0, Edb.Run([.. run, "--from", _folder["s.edb.1"]]).Code);
        Assert.Equal(first, File.ReadAllBytes(_folder["s.edb.2"]));
    }

    /// <summary>A path for an output whose file with the ending is an input.</summary>
    /// <returns>False where there is none of this kind.</returns>
    bool Name(string way, string input, string ending, string name, out string output)
    {
        output = _folder[name];
        var file = output + ending;
        if (ending.StartsWith('/')) Directory.CreateDirectory(output);
        switch (way)
        {
            case "itself":
                output = _folder[input];
                return ending.Length == 0;
            case "dots":
                output = Path.Combine(_folder["photos"], "..", ".", input);
                return ending.Length == 0;
            case "link":
                File.CreateSymbolicLink(file, _folder[input]);
                return true;
            case "chain of links":
                File.CreateSymbolicLink(file + "-2", input);
                File.CreateSymbolicLink(file, Path.GetFileName(file) + "-2");
                return !ending.StartsWith('/');
            case "linked folder":
                File.CreateSymbolicLink(output + "-folder", ".");
                output = Path.Combine(output + "-folder", input);
                return ending.Length == 0;
            default:
                Link(_folder[input], file);
                return true;
        }
    }

    static void Link(string existing, string path)
    {
        using var process = System.Diagnostics.Process.Start("ln", [existing, path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Every name in the folder with its content, or where it leads.</summary>
    string Snapshot() => string.Join('\n', Directory.EnumerateFileSystemEntries(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = 0 })
        .Order(StringComparer.Ordinal).Select(path => new FileInfo(path).LinkTarget is { } target ? $"{path} -> {target}"
            : Directory.Exists(path) ? path : $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"));
}
