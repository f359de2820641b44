namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>Host and agent over a wire in memory, each with its threads.</summary>
public sealed class DeviceClientTests : IDisposable
{
    readonly Board _board = new();
    readonly string _folder = Directory.CreateTempSubdirectory("edb-host-").FullName;

    public void Dispose()
    {
        _board.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.01)]
    public void AFileComesBackAsItWent(double errors)
    {
        using var client = _board.Connect(errors);
        var file = File("user.npz", 60_000);
        Assert.Equal(0, client.Push(file, "user.npz", Ignore));
        Assert.Equal((60_000, 0), client.Pull("user.npz", Path.Combine(_folder, "back.npz"), Ignore));
        Assert.Equal(System.IO.File.ReadAllBytes(file), System.IO.File.ReadAllBytes(Path.Combine(_folder, "back.npz")));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.Single(Directory.GetFiles(_board.Folder));
        if (errors > 0) Assert.True(client.Statistics is { SentAgain: > 0, Rejected: > 0 });
    }

    [Fact]
    public void WhatIsThereIsNotSentAgain()
    {
        using var client = _board.Connect();
        var file = File("user.npz", 60_000);
        client.Push(file, "user.npz", Ignore);
        var sent = client.Statistics.Sent;
        Assert.Equal(60_000, client.Push(file, "user.npz", Ignore));
        Assert.InRange(client.Statistics.Sent - sent, 1, 10);
    }

    [Fact]
    public void ATransferGoesOnWhereItWasCut()
    {
        Wire[] wires = [new(), new()];
        using var client = _board.Client(wires);
        var file = File("user.npz", 300_000);
        client.Push(file, "user.npz", (done, _) =>
        {
            if (done > 150_000) wires[0].Cut();
        });
        Assert.Equal(System.IO.File.ReadAllBytes(file), System.IO.File.ReadAllBytes(Path.Combine(_board.Folder, "user.npz")));
        Assert.InRange(wires[1].FromHost, 100_000, 260_000);
        Assert.Contains(_board.Logs, log => log.Contains("connecting again", StringComparison.Ordinal));
    }

    [Fact]
    public void APullGoesOnWhereItWasCut()
    {
        Wire[] wires = [new(), new()];
        Directory.CreateDirectory(_board.Folder);
        var bytes = LinkEndTests.Bytes(300_000, 7);
        System.IO.File.WriteAllBytes(Path.Combine(_board.Folder, "user.edb"), bytes);
        using var client = _board.Client(wires);
        var (size, resumed) = client.Pull("user.edb", Path.Combine(_folder, "user.edb"), (done, _) =>
        {
            if (done > 150_000) wires[0].Cut();
        });
        Assert.Equal((300_000, 0), (size, resumed));
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(Path.Combine(_folder, "user.edb")));
        Assert.Equal(2, client.Statistics.Sessions);
    }

    [Fact]
    public void ATrainingIsFollowedToItsResult()
    {
        using var client = _board.Connect(0.005);
        var seen = new List<DeviceProgress>();
        Assert.Equal("{\"arguments\":2}", client.Train(["model.onnx", "--resume"], seen.Add));
        Assert.Equal(20, seen[^1].Training.Step);
        Assert.Contains("learning rate 0.4", _board.Logs);
        Assert.Equal("{\"arguments\":2}", client.Watch(seen.Add));
        Assert.Equal(1, _board.Work.Trainings);
    }

    [Fact]
    public void ATrainingGoesOnWhenTheLineIsCutAndIsStartedOnce()
    {
        Wire[] wires = [new(), new()];
        using var client = _board.Client(wires);
        var isCut = false;
        var error = Assert.Throws<EdbException>(() => client.Train(["wait"], _ =>
        {
            if (isCut) client.Stop();
            else wires[0].Cut();
            isCut = true;
        }));
        Assert.Equal(130, error.ExitCode);
        Assert.Equal(1, _board.Work.Trainings);
        Assert.Equal(2, client.Statistics.Sessions);
    }

    [Fact]
    public void ASecondTrainingIsRefusedWhileOneRuns()
    {
        using var gone = new CancellationTokenSource();
        using (var first = _board.Client(gone.Token, new Wire()))
            Assert.ThrowsAny<OperationCanceledException>(() => first.Train(["wait"], _ => gone.Cancel()));
        using var second = _board.Client(new Wire());
        Refused(() => second.Train(["wait"], _ => { }), "is training already");
        Assert.Equal(130, Assert.Throws<EdbException>(() => second.Watch(_ => second.Stop())).ExitCode);
        Assert.Equal(1, _board.Work.Trainings);
    }

    [Fact]
    public void FailuresComeBackWithTheirExitCode()
    {
        using var client = _board.Connect();
        Refused(() => client.Train(["refuse"], _ => { }), "no such model");
        Refused(() => client.Pull("none.edb", Path.Combine(_folder, "none.edb"), Ignore), "the agent has no file 'none.edb'");
        Refused(() => client.Push(File("user.npz", 10), "../user.npz", Ignore), "separator");
        Refused(() => client.Evaluate(["none.npz"]), "the agent has no file");
        Assert.Equal("{\"files\":0}", client.Status());
    }

    [Fact]
    public void EvaluationAndRollbackAnswerWithAnObject()
    {
        using var client = _board.Connect();
        client.Push(File("test.npz", 10), "test.npz", Ignore);
        Assert.Equal("{\"data\":\"test.npz\"}", client.Evaluate(["test.npz"]));
        Assert.Contains("evaluating 1", _board.Logs);
        Assert.Equal("{\"rollbacks\":1,\"to\":2}", client.Rollback("user.edb", 2));
    }

    [Theory]
    [InlineData("", "heard nothing")]
    [InlineData("626f6f743a206f6b0d0a", "heard 10 bytes that make no sense, at first \"boot: ok\"")]
    [InlineData("f88007", "heard 3 bytes that make no sense, at first f88007")]
    public void ASilentLineIsToldWithWhatWasHeard(string bytes, string heard)
    {
        var wire = new Wire();
        wire.Agent.Write(Convert.FromHexString(bytes));
        using var client = new DeviceClient(() => wire.Host, Board.Options, TimeSpan.FromSeconds(0.3), _ => { }, CancellationToken.None);
        Refused(() => client.Status(), heard);
    }

    static void Refused(Action action, string message)
    {
        var error = Assert.Throws<EdbException>(action);
        Assert.Equal(3, error.ExitCode);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    static void Ignore(long done, long all)
    {
    }

    string File(string name, int bytes)
    {
        var path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, LinkEndTests.Bytes(bytes, 5));
        return path;
    }
}
