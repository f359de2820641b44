using EdgeDropBack.Devices;
using EdgeDropBack.Traffic;
using NJsonSchema;

namespace EdgeDropBack.Tests.Traffic;

public sealed class TrafficReportTests
{
    static readonly DeviceProfile s_profile = DeviceProfile.Load("raspberry-pi-4b");

    /// <summary>Set EDGEDROPBACK_WRITE_GOLDEN=1 to write the file anew after the rules changed, and read the difference.</summary>
    /// <summary>Set EDGEDROPBACK_WRITE_GOLDEN=1 to write the files anew, and read the difference.</summary>
    [Theory]
    [MemberData(nameof(Network.Names), MemberType = typeof(Network))]
    public void NetworksMoveTheGoldenNumberOfBytes(string network)
    {
        using var file = new Network(network);
        using var sample = new TrafficSamples(model: file.Path);
        var csv = new StringWriter();
        TrafficText.WriteCsv(Report(sample), csv);
        var golden = Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Traffic", "golden", $"algorithmic-{network}-batch32.csv");
        if (Environment.GetEnvironmentVariable("EDGEDROPBACK_WRITE_GOLDEN") == "1") File.WriteAllText(golden, csv.ToString());
        Assert.Equal(File.ReadAllLines(golden), csv.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void TotalsAreTheSumsOfTheRows()
    {
        using var sample = new TrafficSamples();
        foreach (var step in sample.Compare().Steps)
        {
            Assert.Equal(step.Rows.Sum(r => r.Bytes), step.Totals.Bytes);
            Assert.Equal(step.Totals.Bytes, step.Totals.WeightBytes + step.Totals.ActivationBytes + step.Totals.BufferBytes);
            Assert.Equal(step.Rows.Sum(r => r.Read.Lines), step.Totals.Read.Lines);
        }
    }

    [Fact]
    public void SavedReportReadsBackTheSame()
    {
        using var sample = new TrafficSamples();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var report = Report(sample);
            report.Save(path);
            var loaded = TrafficReport.Load(path);
            Assert.Equal(report.ToJson(), loaded.ToJson());
            Assert.Equal(report.Header, loaded.Header);
            Assert.True(TrafficDiff.Compare(report, loaded).IsEmpty);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task ReportsFollowTheSchema()
    {
        using var sample = new TrafficSamples();
        var schema = await JsonSchema.FromFileAsync(
            Path.Combine(Repository.Root, "src", "EdgeDropBack", "Traffic", "traffic-report.schema.json"));
        Assert.Empty(schema.Validate(Report(sample).ToJson()));
        Assert.NotEmpty(schema.Validate(Report(sample).ToJson().Replace("\"operations\"", "\"flops\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void NewerSchemaIsRefusedWithBothVersions()
    {
        var error = Assert.Throws<EdbException>(() => TrafficReport.Parse("{\"schemaVersion\": 7}", "r.json"));
        Assert.Equal(3, error.ExitCode);
        Assert.Contains("r.json: schema version 7, this program reads up to 2", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"schemaVersion\": 1}")]
    [InlineData("{\"schemaVersion\": 1, \"header\": null, \"steps\": [], \"thesis\": []}")]
    [InlineData("{\"schemaVersion\": 0}")]
    public void WhatIsNoReportIsRefusedByName(string json)
    {
        var error = Assert.Throws<EdbException>(() => TrafficReport.Parse(json, "r.json"));
        Assert.Equal(3, error.ExitCode);
        Assert.StartsWith("r.json: not a traffic report", error.Message);
    }

    [Theory]
    [InlineData("\"phase\": \"forward\"", "\"phase\": 77")]
    [InlineData("\"phase\": \"forward\"", "\"phase\": \"sideways\"")]
    [InlineData("\"mode\": \"dense\"", "\"mode\": 77")]
    [InlineData("\"layer\":", "\"lair\":")]
    [InlineData("\"model\": \"model.onnx\"", "\"model\": null")]
    [InlineData("\"steps\": 1", "\"steps\": 0")]
    public void DamagedReportIsRefusedByName(string text, string damaged)
    {
        using var sample = new TrafficSamples();
        var json = Report(sample).ToJson();
        Assert.Contains(text, json);
        var error = Assert.Throws<EdbException>(() => TrafficReport.Parse(json.Replace(text, damaged, StringComparison.Ordinal), "r.json"));
        Assert.StartsWith("r.json: not a traffic report", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void TotalsThatAreNotTheSumsAreRefused()
    {
        using var sample = new TrafficSamples();
        var report = Report(sample);
        var step = report.Steps[0];
        var wrong = report with { Steps = [step with { Totals = step.Totals with { WeightBytes = step.Totals.WeightBytes + 1 } }] };
        var error = Assert.Throws<EdbException>(() => TrafficReport.Parse(wrong.ToJson(), "r.json"));
        Assert.Contains("the total says", error.Message);
    }

    [Fact]
    public void ReportsOfOtherModelsOrBatchesAreNotCompared()
    {
        using var sample = new TrafficSamples();
        var report = Report(sample);
        var model = report with { Header = report.Header with { ModelHash = new string('b', 64) } };
        var batch = report with { Header = report.Header with { Batch = 64 } };
        Assert.Contains("model", Assert.Throws<EdbException>(() => TrafficDiff.Compare(report, model)).Message);
        Assert.Contains("batch 32", Assert.Throws<EdbException>(() => TrafficDiff.Compare(report, batch)).Message);
    }

    [Fact]
    public void DifferenceNamesTheRowsThatChanged()
    {
        using var sample = new TrafficSamples();
        var report = Report(sample);
        sample.Tracked[^1] += 4;
        var diff = TrafficDiff.Compare(report, Report(sample));
        var layers = diff.Lines.Select(line => line.Layer).Distinct();
        Assert.Single(layers);
        Assert.All(diff.Lines, line => Assert.NotEqual(0, line.Change));
        Assert.Contains(diff.Lines, line => line is { Operand: TrafficOperand.TrackedValues, Phase: TrafficPhase.Forward, Change: 16 });
        var text = new StringWriter();
        TrafficText.Write(diff, text);
        Assert.Contains("tracked values", text.ToString());
    }

    [Fact]
    public void TextStatesItsAssumptionsAndTotals()
    {
        using var sample = new TrafficSamples();
        var report = Report(sample);
        var text = new StringWriter();
        TrafficText.Write(report, text);
        foreach (var expected in new[]
        {
            "raspberry-pi-4b", s_profile.ShortHash, "4 / 8 / 14 pJ/bit", "Accelergy", "not modelled", "batch 32", "seed 1", "base float32",
            "select exact", "reads of weights stay dense", "frozen step, algorithmic lens, predicted", "total", "memory of a frozen step",
        })
            Assert.Contains(expected, text.ToString());
    }

    [Fact]
    public void PageNeedsNoNetwork()
    {
        using var sample = new TrafficSamples();
        var page = new StringWriter();
        TrafficHtml.Write(Report(sample), page);
        var html = page.ToString();
        Assert.Contains("<svg", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("src=", html);
        Assert.Equal(html.Split("http://www.w3.org/2000/svg").Length, html.Split("http").Length);
    }

    [Fact]
    public void PictureIsWellFormedAndNamesTheBytes()
    {
        using var sample = new TrafficSamples();
        var comparison = sample.Compare();
        var svg = TrafficBars.Svg(comparison, "A <model> & more");
        var document = System.Xml.Linq.XDocument.Parse(svg);
        Assert.Equal("svg", document.Root!.Name.LocalName);
        Assert.Contains(SvgBars.Bytes(comparison.Frozen.Totals.Bytes), svg);
        Assert.Contains(SvgBars.Bytes(comparison.Dense.Totals.Bytes), svg);
    }

    [Fact]
    public void SummaryOfCountedStepsIsTheMeanOfThem()
    {
        using var sample = new TrafficSamples();
        var step = sample.Compare().Frozen;
        var summary = step.Summary(s_profile);
        Assert.Equal(step.Totals.Bytes, summary.TotalBytes);
        Assert.Equal(summary.TotalBytes, summary.ReadBytes + summary.WriteBytes);
        Assert.Equal(summary.TotalBytes, summary.WeightBytes + summary.ActivationBytes);
        Assert.Equal(s_profile.Energy(step.Totals.Bytes), summary.EnergyJoules);
    }

    internal static TrafficReport Report(TrafficSamples sample)
        => TrafficReport.Of(TrafficHeader.Of(s_profile, sample.Graph, "model.onnx", new string('a', 64), sample.Budget, 1, "exact", 0, 4),
            s_profile, sample.Graph, sample.Compare(), sample.Tracked);
}
