using System.Text.Json;

namespace EdgeDropBack.Devices;

/// <summary>Reads a profile's JSON; errors name file and field. Format: <c>device-profiles/profile.schema.json</c>, version 1.</summary>
static class DeviceProfileReader
{
    const int SchemaVersion = 1;

    public static DeviceProfile Read(ReadOnlyMemory<byte> file, string fileName)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(file);
        }
        catch (JsonException e)
        {
            string place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            throw EdbException.Refused($"profile {fileName}: not valid JSON at {place}; correct it or take the file anew", e);
        }

        try
        {
            using (document)
                return ReadRoot(new ProfileField(fileName, "", document.RootElement), DeviceProfile.HashOf(file.Span));
        }
        catch (InvalidOperationException e)
        {
            throw EdbException.Refused($"profile {fileName}: holds text that is not UTF-8, or half a surrogate pair; correct it or take the file anew", e);
        }
    }

    static DeviceProfile ReadRoot(ProfileField root, string hash)
    {
        var version = root.Required("schemaVersion");
        if (version.Count(int.MaxValue) != SchemaVersion)
            throw version.Error($"is not {SchemaVersion}, the only version this program reads; take a profile from the same release");
        root.Only("$schema", "schemaVersion", "name", "title", "deviceTreeModels", "notes", "instructionSets", "cores", "caches", "dram", "energy");

        var profile = new DeviceProfile
        {
            Name = root.Required("name").Text(),
            Title = root.Required("title").Text(),
            DeviceTreeModels = Texts(root.Optional("deviceTreeModels")),
            Notes = Texts(root.Optional("notes")),
            InstructionSets = Texts(root.Required("instructionSets")),
            Cores = [.. root.Required("cores").Items().Select(Cluster)],
            Caches = [.. root.Required("caches").Items().Select(Cache)],
            Dram = root.Optional("dram") is { } dram ? Dram(dram) : null,
            EnergyPerTransfer = Energy(root.Required("energy")),
            Hash = hash,
        };
        if (profile.Caches.Count > 0) root.Required("dram");
        CheckClusters(profile, root.Required("caches"));
        return profile;
    }

    static void CheckClusters(DeviceProfile profile, ProfileField caches)
    {
        var known = profile.Cores.Select(core => core.Microarchitecture).ToArray();
        foreach (var (field, cache) in caches.Items().Zip(profile.Caches))
            if (cache.Cluster is not null) field.Required("cluster").OneOf("microarchitecture", known);
    }

    static string[] Texts(ProfileField? field) => field is { } list ? [.. list.Items().Select(item => item.Text())] : [];

    static CoreCluster Cluster(ProfileField field) => new(
        (int)field.Only("count", "microarchitecture", "kind", "clockGHz", "flopPerCycle", "source").Required("count").Count(4096),
        field.Required("microarchitecture").Text(),
        field.Required("kind").OneOf("core kind", "performance", "efficiency") == "performance",
        Positive(field.Required("clockGHz")),
        Positive(field.Required("flopPerCycle")),
        field.Optional("source")?.Text());

    static CacheProfile Cache(ProfileField field)
    {
        field.Only("level", "kind", "bytes", "ways", "lineBytes", "sharedBy", "cluster", "estimate", "source");
        (bool estimate, string? source) = Origin(field);
        var cache = new CacheProfile(
            field.Required("level").OneOf("cache level", CacheProfile.Levels),
            field.Required("kind").OneOf("cache kind", CacheProfile.Kinds),
            field.Required("bytes").Count(1L << 40),
            (int)field.Required("ways").Count(4096),
            (int)field.Required("lineBytes").Count(4096),
            (int)field.Required("sharedBy").Count(4096),
            field.Optional("cluster")?.Text(),
            estimate,
            source);
        return cache.Sets > 0 && cache.Sets * cache.Ways * cache.LineBytes == cache.Bytes
            ? cache
            : throw field.Error($"has {cache.Bytes} bytes, which {cache.Ways} ways of {cache.LineBytes}-byte lines do not divide");
    }

    static DramProfile Dram(ProfileField field) => new(
        field.Only("kind", "memoryBytes", "peakGBs", "copyMBs", "setMBs").Required("kind").Text(),
        Positive(field.Required("memoryBytes")),
        Positive(field.Required("peakGBs")),
        Positive(field.Required("copyMBs")),
        Positive(field.Required("setMBs")));

    static EnergyProfile Energy(ProfileField field)
    {
        var energy = new EnergyProfile(
            field.Only("unit", "low", "central", "high", "floatAddPicojoules", "intAddPicojoules").Required("unit").OneOf("unit", EnergyProfile.PerBit, EnergyProfile.PerAccess32),
            Number(field.Required("low")),
            Number(field.Required("central")),
            Number(field.Required("high")),
            field.Optional("floatAddPicojoules") is { } floatAdd ? Number(floatAdd) : null,
            field.Optional("intAddPicojoules") is { } intAdd ? Number(intAdd) : null);
        return energy.Low.Value <= energy.Central.Value && energy.Central.Value <= energy.High.Value
            ? energy
            : throw field.Error($"must rise from low to high, found {energy.Low.Value}, {energy.Central.Value}, {energy.High.Value}");
    }

    static Figure Number(ProfileField field)
    {
        double value = field.Only("value", "low", "high", "estimate", "source").Required("value").Number();
        (bool estimate, string? source) = Origin(field);
        return new Figure(value, field.Optional("low")?.Number() ?? value, field.Optional("high")?.Number() ?? value, estimate, source);
    }

    static Figure Positive(ProfileField field)
    {
        var figure = Number(field);
        return figure.Value > 0 ? figure : throw field.Error("must be above zero");
    }

    static (bool Estimate, string? Source) Origin(ProfileField field)
    {
        bool estimate = field.Optional("estimate")?.Flag() ?? false;
        string? source = field.Optional("source")?.Text();
        return estimate || source is not null ? (estimate, source) : throw field.Error("needs a source or \"estimate\": true");
    }
}
