using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Benchmarks;

/// <summary>Best GFLOP/s of benchmarks that say how many multiply-adds they do, and its share of the rate that one core reaches in registers.</summary>
sealed class RateColumn : IColumn
{
    static readonly Lazy<double> s_peak = new(() => Enumerable.Range(0, 20).Max(_ => PeakRate.Measure()));

    public string Id => "Rate";

    public string ColumnName => "GFLOP/s (of peak)";

    public string Legend => "Best GFLOP/s, and its share of the measured peak of one core";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var work = benchmarkCase.Descriptor.WorkloadMethod.GetCustomAttributes(typeof(MultiplyAddsAttribute), false);
        if (work is not [MultiplyAddsAttribute { Count: var count }] || summary[benchmarkCase]?.ResultStatistics is not { } statistics) return "";
        var rate = 2 * count / statistics.Min;
        return string.Create(CultureInfo.InvariantCulture, $"{rate:F1} ({rate / s_peak.Value:P0})");
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
}
