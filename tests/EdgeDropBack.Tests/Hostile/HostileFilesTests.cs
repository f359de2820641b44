using System.Globalization;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Every kind of file that the program reads, changed in thousands of ways: read, or refused in one line. EDB_MUTATIONS sets how many.</summary>
public sealed class HostileFilesTests
{
    const int Ordinary = 2000;

    public static TheoryData<string> Kinds => [.. HostileKinds.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ChangedFilesAreReadOrRefusedInOneLine(string name)
    {
        var count = Environment.GetEnvironmentVariable("EDB_MUTATIONS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : Ordinary;
        var figures = HostileRun.Of(HostileKinds.Create(name), 0, count);
        Assert.True(figures.Failures.Count == 0, string.Join('\n', figures.Failures));
        Assert.InRange(figures.Refused, count / 20, count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SamplesAreOfTheKind(string name)
    {
        var kind = HostileKinds.Create(name);
        Assert.NotEmpty(kind.Samples);
        var refusals = kind.Samples.Select(sample => Record.Exception(() => kind.Read(sample))).OfType<EdbException>().ToArray();
        Assert.True(refusals.Length < kind.Samples.Count, $"all samples are refused, the first: {refusals.FirstOrDefault()?.Message}");
        Assert.Equal(kind.Changed(7), kind.Changed(7));
    }
}
