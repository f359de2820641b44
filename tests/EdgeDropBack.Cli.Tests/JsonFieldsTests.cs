using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Tests;

public sealed class JsonFieldsTests
{
    [Fact]
    public void EveryPropertyIsWrittenInItsOrder()
    {
        WritesAll<CompareJson>(CompareJson.Fields);
        WritesAll<EvaluationJson>(EvaluationJson.Fields);
        WritesAll<FileJson>(FileJson.Fields);
        WritesAll<GradientsJson>(GradientsJson.Fields);
        WritesAll<GradientJson>(GradientJson.Fields);
        WritesAll<InfoJson>(InfoJson.Fields);
        WritesAll<HostCache>(InfoJson.Fields);
        WritesAll<InspectJson>(InspectJson.Fields);
        WritesAll<NodeJson>(NodeJson.Fields);
        WritesAll<ValueJson>(ValueJson.Fields);
        WritesAll<PlanJson>(PlanJson.Fields);
        WritesAll<PlanMemoryJson>(PlanMemoryJson.Fields);
        WritesAll<PlanRecomputationJson>(PlanRecomputationJson.Fields);
        WritesAll<PlanStepJson>(PlanStepJson.Fields);
        WritesAll<SelftestJson>(SelftestJson.Fields);
        WritesAll<CheckJson>(CheckJson.Fields);
        WritesAll<VerifyJson>(VerifyJson.Fields);
        WritesAll<StoreJson>(StoreJson.Fields);
        WritesAll<StoredTensorJson>(StoredTensorJson.Fields);
        WritesAll<StoreListJson>(StoreListJson.Fields);
        WritesAll<GenerationJson>(GenerationJson.Fields);
        WritesAll<PersonalizeResult>(ResultJson.Fields);
        WritesAll<LossFigures>(ResultJson.Fields);
        WritesAll<AccuracyFigures>(ResultJson.Fields);
        WritesAll<TimeFigures>(ResultJson.Fields);
        WritesAll<MemoryItem>(ResultJson.Fields);
        WritesAll<PrefixFigures>(ResultJson.Fields);
        WritesAll<StoreFigures>(ResultJson.Fields);
        WritesAll<TrafficFigures>(ResultJson.Fields);
        WritesAll<BenchResult>(ResultJson.Fields);
        WritesAll<BenchMemory>(ResultJson.Fields);
        WritesAll<BenchLayer>(ResultJson.Fields);
        WritesAll<MeteringCost>(ResultJson.Fields);
        WritesAll<TrafficSummary>(TrafficJson.Fields);
        WritesAll<TrafficHeader>(TrafficJson.Fields);
        WritesAll<FootprintItem>(TrafficJson.Fields);
        WritesAll<ThesisAccesses>(TrafficJson.Fields);
        WritesAll<TrafficDiffLine>(TrafficJson.Fields);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void NumbersThatAreNotFiniteAreWrittenAsText(double value, string text)
    {
        var json = JsonFields.Text(new LossFigures(value, 1), ResultJson.Fields, indented: false);
        Assert.Equal($$"""{"first":"{{text}}","last":1}""", json);
    }

    static void WritesAll<T>(Action<Utf8JsonWriter, T> fields) where T : class
    {
        var empty = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        using var document = JsonDocument.Parse(JsonFields.Text(empty, fields, indented: false));
        var expected = typeof(T).GetProperties().Where(p => !p.GetMethod!.IsStatic).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
        Assert.Equal(expected, document.RootElement.EnumerateObject().Select(p => p.Name));
    }
}
