using System.Diagnostics;
using System.Text.Json;

namespace EdgeDropBack.Cli.Tests;

/// <summary>The page of a report, opened from a file by a browser that has no network.</summary>
public sealed class BrowserTests : IDisposable
{
    const string Browser = "/usr/bin/chromium";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public void ThePageShowsItsPicturesWithoutNetwork()
    {
        var page = Page();
        var dom = Run("--dump-dom", new Uri(page).AbsoluteUri);
        Assert.DoesNotContain("http://", dom.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
        Assert.DoesNotContain("https://", dom);
        foreach (var picture in new[] { "By operand, algorithmic", "By layer, modelled", "Memory over the step", "Assumptions" }) Assert.Contains(picture, dom);

        var image = _folder["page.png"];
        Run($"--screenshot={image}", "--window-size=1200,1600", new Uri(page).AbsoluteUri);
        Assert.True(new FileInfo(image).Length > 20_000, "the screenshot is nearly empty");
    }

    [Fact]
    public void TheTraceIsJsonWithASliceForEveryLayer()
    {
        Page();
        Assert.Equal(0, Edb.Run("report", _folder["traffic.json"], "--trace", _folder["trace.json"]).Code);
        using var trace = JsonDocument.Parse(File.ReadAllText(_folder["trace.json"]));
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToArray();
        Assert.Contains(events, e => e.GetProperty("ph").GetString() == "X" && e.GetProperty("name").GetString()!.StartsWith("forward", StringComparison.Ordinal));
        Assert.Contains(events, e => e.GetProperty("ph").GetString() == "C");
        Assert.All(events.Where(e => e.GetProperty("ph").GetString() == "X"), e => Assert.True(e.GetProperty("dur").GetDouble() >= 0));
    }

    string Page()
    {
        Assert.Equal(0, Edb.Run("personalize", _folder.Model(), "--data", _folder.Data(), "--store", _folder["s.edb"], "--steps", "2", "--lr", "0.1",
            "--report", _folder["traffic.json"]).Code);
        Assert.Equal(0, Edb.Run("report", _folder["traffic.json"], "--html", _folder["page.html"]).Code);
        return _folder["page.html"];
    }

    /// <summary>Resolves no host, so that a page that asks for anything fails to get it.</summary>
    string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Browser) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            $"--user-data-dir={_folder["browser"]}", "--host-resolver-rules=MAP * ~NOTFOUND" }.Concat(arguments))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    sealed class BrowserFactAttribute : FactAttribute
    {
        public BrowserFactAttribute()
        {
            if (!File.Exists(Browser)) Skip = $"{Browser} is missing (Debian package chromium)";
        }
    }
}
