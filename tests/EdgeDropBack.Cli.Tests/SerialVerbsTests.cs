namespace EdgeDropBack.Cli.Tests;

/// <summary>`edb agent`, `edb device` and `edb record` where there is no line; tools/check-link.sh has the rest.</summary>
public sealed class SerialVerbsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>With a port that is not there, a command that is right gets as far as the port or a file.</summary>
    [Fact]
    public void CommandsOfTheReadmeAreUnderstood()
    {
        var commands = File.ReadAllLines(Path.Combine(Root(), "README.md")).Where(line => line.StartsWith("./edb agent", StringComparison.Ordinal)
            || line.StartsWith("./edb device", StringComparison.Ordinal) || line.StartsWith("./edb record", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count >= 6);
        foreach (var command in commands)
        {
            var arguments = command.Split('#')[0].Replace("/var/lib", _folder.Path).Replace("motion", _folder["motion"]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < arguments.Length; i++)
                if (arguments[i] == "--port") arguments[i + 1] = "/dev/none";
            var run = Edb.Run(arguments[1..]);
            Assert.True(run.Code == 3, $"{command}: {run.Error}");
        }
    }

    [Theory]
    [InlineData("device", "status")]
    [InlineData("device", "watch")]
    [InlineData("record", "--label", "x")]
    [InlineData("agent", "--dir", "/tmp/edb-no-port")]
    public void WithoutAPortTheWayOutIsTold(params string[] arguments)
    {
        var run = Edb.Run(arguments);
        Assert.Equal(2, run.Code);
        Assert.Equal("edb: --port is missing; give the serial port, such as --port /dev/ttyUSB0", run.ErrorLine);
    }

    [Fact]
    public void AMissingPortIsNamedWithWhatIsThere()
    {
        var run = Edb.Run("device", "--port", "/dev/none", "status");
        Assert.Equal(3, run.Code);
        Assert.StartsWith("edb: there is no port '/dev/none'; ", run.ErrorLine);
    }

    [Fact]
    public void AFileIsNoPort()
    {
        var run = Edb.Run("device", "status", "--port", _folder.Data());
        Assert.Equal(3, run.Code);
        Assert.Contains("is no serial port", run.ErrorLine);
    }

    [Fact]
    public void ABaudRateThatNoPortHasIsWrongUsage()
    {
        var run = Edb.Run("device", "status", "--baud", "12345", "--port", _folder.Data());
        Assert.Equal(2, run.Code);
        Assert.Contains("--baud 12345 is none of 300, ", run.ErrorLine);
    }

    [Fact]
    public void AnAgentNeedsItsFolder() => Assert.Contains("--dir is missing", Edb.Run("agent", "--port", "/dev/none").ErrorLine);

    [Fact]
    public void WhatADeviceShouldDoHasToBeSaid() => Assert.Contains("status, push, train, watch, pull, eval or rollback", Edb.Run("device").ErrorLine);

    [Fact]
    public void TrainingOptionsAreCheckedBeforeTheLineIs()
    {
        var run = Edb.Run("device", "--port", "/dev/none", "train", "model.onnx", "--data", "user.npz", "--steps", "none");
        Assert.Equal(2, run.Code);
        Assert.Contains("--steps 'none'", run.ErrorLine);
    }

    [Fact]
    public void AKeyThatIsTooShortIsRefused()
    {
        File.WriteAllText(_folder["key"], "short");
        Assert.Contains("5 bytes, expected 8 to 4096", Edb.Run("device", "--port", "/dev/none", "--key", _folder["key"], "status").ErrorLine);
        Assert.Contains("cannot be read", Edb.Run("device", "--port", "/dev/none", "--key", _folder["none"], "status").ErrorLine);
    }

    [Fact]
    public void WhatIsPushedHasToBeThere() => Assert.Contains("there is no file", Edb.Run("device", "--port", "/dev/none", "push", _folder["none"]).ErrorLine);

    [Fact]
    public void ARecordingNeedsALabelAndAFileThatIsOne()
    {
        Assert.Contains("--label is missing", Edb.Run("record", "--port", "/dev/none").ErrorLine);
        Assert.Contains("is no recording", Edb.Run("record", "--port", "/dev/none", "--label", "x", "-o", _folder.Data()).ErrorLine);
    }

    static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeDropBack.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
