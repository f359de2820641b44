using System.Diagnostics;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Signals that end a run after it has saved.</summary>
public sealed class InterruptTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("", "HUP")]
    [InlineData("", "HUP HUP")]
    [InlineData("", "TERM")]
    [InlineData("", "TERM HUP")]
    [InlineData("trap '' HUP; ", "TERM")]
    [InlineData("trap '' HUP; ", "HUP TERM")]
    public void ASignalSavesTheRunAndResumeFinishesIt(string before, string signals)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent with kill");
        string[] run = ["personalize", _folder.Model(), "--data", _folder.Data(), "--lr", "0.1", "--accept-if", "off", "--steps", "40", "--checkpoint-every", "2"];
        Assert.Equal(0, Edb.Run([.. run, "--store", _folder["whole.edb"]]).Code);
        using var process = Start(before, [.. run, "--store", _folder["s.edb"], "--duty", "1%"]);
        for (var i = 0; i < 600 && !File.Exists(_folder["s.edb.checkpoint"]); i++) Thread.Sleep(100);
        foreach (var signal in signals.Split(' ')) Assert.Equal(0, Kill(signal, process.Id));
        var messages = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("go on with --resume", messages);
        Assert.False(File.Exists(_folder["s.edb"]));
        Assert.Equal(0, Edb.Run([.. run, "--store", _folder["s.edb"], "--resume"]).Code);
        Assert.Equal(File.ReadAllBytes(_folder["whole.edb"]), File.ReadAllBytes(_folder["s.edb"]));
    }

    [SkippableFact]
    public void AHangUpThatIsIgnoredStaysSo()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent with kill");
        using var process = Start("trap '' HUP; ", ["personalize", _folder.Model(), "--data", _folder.Data(), "--lr", "0.1", "--accept-if", "off", "--steps", "12",
            "--checkpoint-every", "2", "--duty", "5%", "--store", _folder["s.edb"]]);
        for (var i = 0; i < 600 && !File.Exists(_folder["s.edb.checkpoint"]); i++) Thread.Sleep(100);
        Assert.Equal(0, Kill("HUP", process.Id));
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.True(File.Exists(_folder["s.edb"]));
    }

    [Fact]
    public void LostMessagesCostNothingAndALostResultIsNamed()
    {
        var gone = new GoneWriter();
        new StreamWriterGuard(gone, null).WriteLine("nobody reads this");
        var error = Assert.Throws<EdbException>(() => new StreamWriterGuard(gone, "standard output").WriteLine("{}"));
        Assert.Equal((1, "cannot write standard output: the disk is full"), (error.ExitCode, error.Message));
    }

    [SkippableFact]
    public void AFullStandardOutputIsNamed()
    {
        Skip.IfNot(File.Exists("/dev/full"), "there is no /dev/full here");
        using var process = Start("", ["info", "--json"], " > /dev/full");
        Assert.Equal("edb: cannot write standard output: the disk is full\n", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
    }

    static Process Start(string before, string[] arguments, string after = "")
    {
        var edb = Path.ChangeExtension(typeof(CommandLine).Assembly.Location, ".dll");
        var reset = before.Length == 0 ? "env --default-signal=HUP,INT,TERM " : ""; // the tests themselves may run under nohup
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"{before}exec {reset}\"$0\" \"$@\"{after}", Environment.ProcessPath!, "exec", edb, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = after.Length == 0,
        };
        var process = Process.Start(start)!;
        if (after.Length == 0) process.BeginOutputReadLine();
        return process;
    }

    static int Kill(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
        return kill.ExitCode;
    }

    sealed class GoneWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("gone", 28);
    }
}
