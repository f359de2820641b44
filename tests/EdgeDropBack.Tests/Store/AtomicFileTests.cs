using System.Diagnostics;
using EdgeDropBack.Store;

namespace EdgeDropBack.Tests.Store;

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
            Assert.Equal(3, failure.ExitCode);
            Assert.Equal("old", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(_folder.Path));
        }
        finally
        {
            Run("umount", _folder.Path);
        }
    }

    static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
