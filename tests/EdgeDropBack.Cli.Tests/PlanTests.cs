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
        Assert.Equal(10, run.Json.GetProperty("budget").GetInt32());
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithTheNumberThatWould()
    {
        var run = Edb.Run("plan", _folder.Model(), "--memory-limit", "10KB", "--json");
        Assert.Equal(3, run.Code);
        Assert.False(run.Json.GetProperty("fits").GetBoolean());
        Assert.Contains($"--memory-limit {run.Json.GetProperty("memory").GetProperty("plannedPeakBytes").GetInt64()}", run.ErrorLine);
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
}
