using System.Diagnostics;
using EdgeDropBack.Files;
using EdgeDropBack.Tests.Store;

namespace EdgeDropBack.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ContentIsReplacedAndNothingElseStays()
    {
        string path = _folder["a"];
        AtomicFile.Write(path, stream => stream.Write("old"u8));
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void FailureInTheContentLeavesTheOldFile()
    {
        string path = _folder["a"];
        File.WriteAllText(path, "old");
        Assert.Throws<FormatException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new FormatException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void PathsThatCannotBeWrittenAreNamed()
    {
        EdbException failure = Assert.Throws<EdbException>(() => AtomicFile.Write(_folder["none/a"], _ => { }));
        Assert.Contains(_folder["none"], failure.Message);
        Assert.Contains("does not exist", failure.Message);
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["folder/b"], "kept");
        Assert.Contains(_folder["folder"], Assert.Throws<EdbException>(() => AtomicFile.Write(_folder["folder"], _ => { })).Message);
        Assert.Equal("kept", File.ReadAllText(_folder["folder/b"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [SkippableFact]
    public void FullDiskKeepsTheOldFileAndSaysSo()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mounting a small tmpfs needs root");
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.Path) == 0, "mounting a tmpfs is not allowed here");
        try
        {
            string path = _folder["a"];
            AtomicFile.Write(path, stream => stream.Write("old"u8));
            EdbException failure = Assert.Throws<EdbException>(() => AtomicFile.Write(path, stream => stream.Write(new byte[200_000])));
            Assert.Contains("disk is full", failure.Message);
            Assert.Equal(1, failure.ExitCode);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(_folder.Path));
        }
        finally
        {
            Run("umount", _folder.Path);
        }
    }

    [SkippableFact]
    public void ModeIsKeptAndANewFileHasTheUsualOne()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes");
        string path = _folder["a"];
        AtomicFile.Write(path, stream => stream.Write("old"u8));
        File.WriteAllText(_folder["usual"], "");
#pragma warning disable CA1416 // Windows was skipped above, which the analyzer cannot see.
        Assert.Equal(File.GetUnixFileMode(_folder["usual"]), File.GetUnixFileMode(path));
        foreach (var mode in (UnixFileMode[])[UnixFileMode.UserRead | UnixFileMode.UserWrite, (UnixFileMode)0x1B6, (UnixFileMode)0x1A0])
        {
            File.SetUnixFileMode(path, mode);
            AtomicFile.Write(path, stream => stream.Write("new"u8));
            Assert.Equal(mode, File.GetUnixFileMode(path));
        }
        AtomicFile.Write(_folder["b"], stream => stream.Write("like"u8), like: path);
        Assert.Equal((UnixFileMode)0x1A0, File.GetUnixFileMode(_folder["b"]));
#pragma warning restore CA1416
    }

    [SkippableTheory]
    [InlineData("there", "old")]
    [InlineData("not-yet", null)]
    public void ALinkStaysAndTheFileBehindItIsReplaced(string target, string? content)
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        Directory.CreateDirectory(_folder["elsewhere"]);
        string behind = Path.Combine(_folder["elsewhere"], target);
        if (content is not null) File.WriteAllText(behind, content);
        File.CreateSymbolicLink(_folder["second"], Path.Combine("elsewhere", target));
        File.CreateSymbolicLink(_folder["first"], "second");
        AtomicFile.Write(_folder["first"], stream => stream.Write("new"u8));
        Assert.Equal("second", new FileInfo(_folder["first"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(behind));
        Assert.Equal([behind], Directory.GetFiles(_folder["elsewhere"]));
    }

    [Fact]
    public void ATemporaryFileThatAKillLeftIsReplaced()
    {
        File.WriteAllText(_folder["a"] + AtomicFile.TemporarySuffix, "half of something longer than the new content");
        AtomicFile.Write(_folder["a"], stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_folder["a"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [SkippableFact]
    public void ATemporaryNameThatIsALinkLeadsNowhere()
    {
        Skip.If(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        File.WriteAllText(_folder["precious"], "precious");
        File.CreateSymbolicLink(_folder["a"] + AtomicFile.TemporarySuffix, "precious");
        AtomicFile.Write(_folder["a"], stream => stream.Write("new"u8));
        Assert.Equal("precious", File.ReadAllText(_folder["precious"]));
        Assert.Equal("new", File.ReadAllText(_folder["a"]));
    }

    [Fact]
    public void AFileThatAnotherWriterIsAtIsLeftToIt()
    {
        AtomicFile.Write(_folder["a"], stream =>
        {
            stream.Write("first"u8);
            var busy = Assert.Throws<EdbException>(() => AtomicFile.Write(_folder["a"], second => second.Write("second"u8)));
            Assert.Equal(1, busy.ExitCode);
            Assert.Contains("another process is writing it", busy.Message);
        });
        Assert.Equal("first", File.ReadAllText(_folder["a"]));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [SkippableFact]
    public void DevicesAndPipesAreWrittenDirectly()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "no such devices here");
        AtomicFile.Write("/dev/null", stream => stream.Write("gone"u8));
        Assert.StartsWith("cannot write '/dev/full': the disk is full",
            Assert.Throws<EdbException>(() => AtomicFile.Write("/dev/full", stream => stream.Write("no"u8))).Message, StringComparison.Ordinal);
        Skip.IfNot(Run("mkfifo", _folder["pipe"]) == 0, "mkfifo is missing");
        var reader = Task.Run(() => File.ReadAllText(_folder["pipe"]));
        AtomicFile.Write(_folder["pipe"], stream => stream.Write("through"u8));
        Assert.Equal("through", reader.Result);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
