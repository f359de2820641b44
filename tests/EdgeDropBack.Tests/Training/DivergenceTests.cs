using EdgeDropBack.Tests.Store;
using EdgeDropBack.Training;

namespace EdgeDropBack.Tests.Training;

public sealed class DivergenceTests
{
    [Theory]
    [InlineData("exact layer")]
    [InlineData("once")]
    [InlineData("dense")]
    [InlineData("bn train")]
    [InlineData("momentum")]
    public void ALossThatIsNotFiniteLowersTheRateOnceAndThenFailsByName(string variant)
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), variant);
        Personalizer.Run(options);
        var before = StoreFolder.Listing(folder.Path);
        List<string> log = [];
        var wild = options with { Rate = 1e30f, Session = options.Session with { Clip = 0f }, CheckpointEvery = 1000, Log = log.Add };
        var failure = Assert.Throws<EdbException>(() => Personalizer.Run(wild));
        Assert.Equal(1, failure.ExitCode);
        Assert.Contains("diverged", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--lr", failure.Message, StringComparison.Ordinal);
        Assert.Single(log, line => line.Contains("back to the last good state", StringComparison.Ordinal));
        Assert.Equal(before, StoreFolder.Listing(folder.Path));
    }

    [Fact]
    public void ARateThatTheReductionSavesEndsWell()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        foreach (var rate in (float[])[1e8f, 1e10f, 1e12f, 1e14f])
        {
            List<string> log = [];
            var attempt = options with { Rate = rate, Log = log.Add, Session = options.Session with { Clip = 0f } };
            try
            {
                Assert.True(double.IsFinite(Personalizer.Run(attempt).Loss.Last));
            }
            catch (EdbException failure)
            {
                Assert.Equal(1, failure.ExitCode);
                Assert.Contains(log, line => line.Contains("back to the last good state", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("exact layer")]
    [InlineData("dense")]
    public void AResultThatTheLastStepSpoiledIsNotKept(string variant)
    {
        using var folder = new TemporaryFolder();
        var options = Variants.Apply(Fashion.Small(folder), variant);
        var result = Personalizer.Run(options with { Steps = 1, Rate = 3e38f, Session = options.Session with { Clip = 0f } });
        Assert.False(result.Accepted);
        Assert.Contains("loss", result.Refusal, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["user.edb"]));
    }

    [Fact]
    public void ALossThatRisesForGoodLowersTheRateOnce()
    {
        using var folder = new TemporaryFolder();
        var options = Fashion.Small(folder);
        List<string> log = [];
        var wild = options with { Rate = 500f, Steps = 200, Schedule = Schedule.Parse("warmup:1000,constant"), Replay = null, Log = log.Add };
        try
        {
            Personalizer.Run(wild);
        }
        catch (EdbException failure)
        {
            Assert.Equal(1, failure.ExitCode);
        }
        Assert.Contains(log, line => line.Contains("the loss rises", StringComparison.Ordinal));
    }
}
