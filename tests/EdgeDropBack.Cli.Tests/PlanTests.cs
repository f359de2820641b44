namespace EdgeDropBack.Cli.Tests;

public sealed class PlanTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThePlanNamesEveryHolderOfMemoryAndTheStepsOfAllModes()
    {
        var run = Edb.Run("plan", _folder.Model(), "--batch", "4", "--budget", "10", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        var memory = run.Json.GetProperty("memory");
        Assert.Equal(memory.GetProperty("plannedPeakBytes").GetInt64(),
            memory.GetProperty("plan").EnumerateArray().Sum(i => i.GetProperty("bytes").GetInt64()));
        Assert.Equal(4, run.Json.GetProperty("steps").GetArrayLength());
        Assert.Contains("last layers", run.Json.GetProperty("frozenInLastLayers").GetProperty("mode").GetString());
        Assert.Equal(10, run.Json.GetProperty("budget").GetInt32());
    }

    [Fact]
    public void ALimitBelowTheLeastIsRefusedWithTheLeast()
    {
        var run = Edb.Run("plan", _folder.Model(), "--memory-limit", "10KB", "--json");
        Assert.Equal(2, run.Code);
        var least = run.ErrorLine.Split("--memory-limit ")[^1].Split(',')[0];
        Assert.Equal(0, Edb.Run("plan", _folder.Model(), "--memory-limit", least).Code);
    }

    [Fact]
    public void AnUnknownProfileIsWrongUsage() => Assert.Equal(2, Edb.Run("plan", _folder.Model(), "--profile", "abacus").Code);

    [Fact]
    public void ASavedReportIsShownComparedAndDrawn()
    {
        var report = _folder["traffic.json"];
        Assert.Equal(0, Edb.Run("personalize", _folder.Model(), "--data", _folder.Data(), "--store", _folder["s.edb"], "--steps", "3",
            "--lr", "0.1",
            "--report", report).Code);
        Assert.Equal(0, Edb.Run("report", report).Code);
        Assert.Equal(2, Edb.Run("report", report, "--json").Json.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(0, Edb.Run("report", "diff", report, report).Code);
        Assert.Equal(0, Edb.Run("report", report, "--html", _folder["page.html"]).Code);
        Assert.Contains("<svg", File.ReadAllText(_folder["page.html"]));
    }

    [Fact]
    public void BothLensesAreShownAndNamedOnADeviceWithCaches()
    {
        var step = Edb.Run("plan", _folder.Model(), "--batch", "4", "--json").Json.GetProperty("steps")[1];
        Assert.True(step.GetProperty("modelled").GetProperty("totalBytes").GetInt64() >= 0);
        var text = Edb.Run("plan", _folder.Model(), "--batch", "4").Out;
        Assert.Contains("algorithmic lens", text);
        Assert.Contains("modelled lens", text);
        Assert.DoesNotContain("modelled lens", Edb.Run("plan", _folder.Model(), "--profile", "thesis-45nm").Out);
        Assert.DoesNotContain("modelled lens", Edb.Run("plan", _folder.Model(), "--lens", "algorithmic").Out);
    }

    [Fact]
    public void AllProfilesTakeALineEach()
    {
        var lines = Edb.Run("plan", _folder.Model(), "--batch", "4", "--all-profiles", "--json").Json.GetProperty("lines");
        Assert.Equal(9, lines.GetArrayLength());
        Assert.Equal("modelled", lines[0].GetProperty("lens").GetString());
        Assert.Equal("algorithmic", lines[8].GetProperty("lens").GetString());
        Assert.Contains("thesis-45nm*", Edb.Run("plan", _folder.Model(), "--batch", "4", "--all-profiles").Out);
    }

    [Fact]
    public void BudgetsTakeALineEachAndNeverShrinkTheStep()
    {
        var lines = Edb.Run("plan", _folder.Model(), "--batch", "4", "--budgets", "5,10%,100%", "--json").Json.GetProperty("lines").EnumerateArray().ToArray();
        Assert.Equal(5, lines[0].GetProperty("budget").GetInt32());
        Assert.True(lines[0].GetProperty("plannedPeakBytes").GetInt64() <= lines[2].GetProperty("plannedPeakBytes").GetInt64());
        Assert.Equal(2, Edb.Run("plan", _folder.Model(), "--budgets", "5,x").Code);
        Assert.Equal(2, Edb.Run("plan", _folder.Model(), "--budgets", "5", "--all-profiles").Code);
    }

    [Fact]
    public void WhereComputingAgainDoesNotHelpASmallerBatchIsNamed()
    {
        var large = Edb.Run("plan", _folder.Model(), "--batch", "4096", "--json").Json.GetProperty("memory").GetProperty("plannedPeakBytes").GetInt64();
        var run = Edb.Run("plan", _folder.Model(), "--batch", "4096", "--memory-limit", $"{large - 1}");
        Assert.Equal(2, run.Code);
        Assert.Contains("smaller --batch than 4096", run.ErrorLine);
    }
}
