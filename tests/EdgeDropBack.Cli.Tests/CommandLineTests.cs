namespace EdgeDropBack.Cli.Tests;

public sealed class CommandLineTests
{
    public static TheoryData<string> Verbs => [.. CommandLine.VerbNames];

    [Fact]
    public void VersionIsPrinted()
    {
        var run = Edb.Run("--version");
        Assert.Equal(0, run.Code);
        Assert.Equal($"edb {CommandLine.Version}\n", run.Out);
    }

    [Fact]
    public void NoVerbIsWrongUsageWithTheListOnStandardError()
    {
        var run = Edb.Run();
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.All(CommandLine.VerbNames, name => Assert.Contains($"\n  {name}", run.Error));
    }

    [Fact]
    public void HelpListsEveryVerb()
    {
        var run = Edb.Run("--help");
        Assert.Equal(0, run.Code);
        Assert.All(CommandLine.VerbNames, name => Assert.Contains($"\n  {name}", run.Out));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void HelpOfEveryVerbHasExamplesAndJson(string verb)
    {
        var run = Edb.Run(verb, "--help");
        Assert.Equal(0, run.Code);
        Assert.Contains("--json", run.Out);
        Assert.Contains($"Examples:\n  edb {verb}", run.Out);
        Assert.Empty(run.Error);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void AnUnknownOptionIsWrongUsageInOneLine(string verb)
    {
        var run = Edb.Run(verb, "--no-such-option");
        Assert.Equal(2, run.Code);
        Assert.Empty(run.Out);
        Assert.StartsWith("edb: ", run.ErrorLine);
        Assert.EndsWith($"see 'edb {verb} --help'", run.ErrorLine);
    }

    [Fact]
    public void AnUnknownVerbIsNamed()
    {
        var run = Edb.Run("personalise");
        Assert.Equal(2, run.Code);
        Assert.Equal("edb: there is no verb 'personalise' (did you mean 'personalize'?); see 'edb --help'", run.ErrorLine);
    }

    [Fact]
    public void AMissingFileIsRefusedInOneLine()
    {
        var run = Edb.Run("inspect", "no-such-model.onnx");
        Assert.Equal(3, run.Code);
        Assert.Contains("no-such-model.onnx", run.ErrorLine);
    }

    [Fact]
    public void AStackTraceComesWithVerboseOnly()
        => Assert.Contains("   at EdgeDropBack.", Edb.Run("inspect", "no-such-model.onnx", "--verbose").Error);

    [Fact]
    public void AControlCharacterInANameCannotBreakTheLine()
        => Assert.DoesNotContain('\u001b', Edb.Run("inspect", "no\u001b[31m\nsuch.onnx").ErrorLine);
}
