using System.Text.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;

namespace EdgeDropBack.Traffic;

/// <summary>Reads what <see cref="TrafficJson"/> writes. Sums that follow from other fields are not read.</summary>
static class TrafficJsonReader
{
    /// <exception cref="JsonException">A field is missing or of another kind.</exception>
    public static TrafficReport Read(JsonElement root) => new()
    {
        SchemaVersion = root.Int("schemaVersion"),
        Header = Header(root.Required("header")),
        Steps = root.List("steps", Step),
        Thesis = root.List("thesis", Thesis),
        Measured = root.Optional("measured") is { } measured ? Measured(measured) : null,
    };

    static MeasuredTraffic Measured(JsonElement json) => new(json.Optional("unavailable") is null ? null : json.Text("unavailable"),
        json.List("events", item => new MeasuredEvent(item.Text("name"), item.Number("perStep"))));

    static TrafficHeader Header(JsonElement json) => new()
    {
        Profile = json.Text("profile"),
        ProfileHash = json.Text("profileHash"),
        CacheRules = json.Text("cacheRules"),
        EnergyUnit = json.Text("energyUnit"),
        EnergyLow = json.Number("energyLow"),
        EnergyCentral = json.Number("energyCentral"),
        EnergyHigh = json.Number("energyHigh"),
        EnergySource = json.Text("energySource"),
        Model = json.Text("model"),
        ModelHash = json.Text("modelHash"),
        Batch = json.Int("batch"),
        Parameters = json.Whole("parameters"),
        Budget = json.Whole("budget"),
        Seed = json.Required("seed") is { ValueKind: JsonValueKind.Number } field && field.TryGetUInt64(out var seed)
            ? seed : throw new JsonException("seed is not a whole number"),
        BaseKind = json.Text("baseKind"),
        Select = json.Text("select"),
        OptimizerFloats = json.Int("optimizerFloats"),
        Threads = json.Int("threads"),
        Prefix = json.Optional("prefix") is null ? null : json.Text("prefix"),
        Version = json.Text("version"),
    };

    static StepTraffic Step(JsonElement json) => new()
    {
        Lens = json.Text("lens"),
        Origin = json.Text("origin"),
        Mode = Mode(json),
        Steps = json.Whole("steps"),
        Operations = json.Whole("operations"),
        Rows = json.List("rows", Row),
        Totals = Totals(json.Required("totals")),
        Footprint = json.Optional("footprint") is { } footprint ? Footprint(footprint) : null,
        Cost = json.Optional("cost") is { } cost ? Cost(cost) : null,
    };

    static TrafficMode Mode(JsonElement json) => (TrafficMode)json.OneOf("mode", TrafficNames.Modes);

    static TrafficRow Row(JsonElement json) => new((TrafficPhase)json.OneOf("phase", TrafficNames.Phases), json.Text("layer"),
        (TrafficOperand)json.OneOf("operand", TrafficNames.Operands), Access(json.Required("read")), Access(json.Required("write")),
        Regeneration(json.Required("regenerated")));

    static TrafficTotals Totals(JsonElement json) => new(Access(json.Required("read")), Access(json.Required("write")),
        Regeneration(json.Required("regenerated")), json.Whole("weightBytes"), json.Whole("activationBytes"),
        json.Optional("bufferBytes") is null ? 0 : json.Whole("bufferBytes"));

    static Access Access(JsonElement json) => new(json.Whole("elements"), json.Whole("bytes"), json.Whole("lines"));

    static Regeneration Regeneration(JsonElement json) => new(json.Whole("elements"), json.Whole("avoidedBytes"));

    static Footprint Footprint(JsonElement json) => new(json.Whole("arenaBytes"), json.Whole("peakLiveBytes"), json.Text("peakAt"),
        json.List("holders", Item), json.List("outside", Item),
        json.Optional("timeline") is null ? [] : json.List("timeline", Item));

    static FootprintItem Item(JsonElement json) => new(json.Text("name"), json.Text("use"), json.Whole("bytes"));

    static TrafficCost Cost(JsonElement json)
    {
        var energy = json.Required("energyJoules");
        return new(new(energy.Number("low"), energy.Number("central"), energy.Number("high")), json.OptionalNumber("rooflineSeconds"));
    }

    static ThesisAccesses Thesis(JsonElement json)
        => new(Mode(json), json.Whole("forward"), json.Whole("backwardData"), json.Whole("update"));
}
