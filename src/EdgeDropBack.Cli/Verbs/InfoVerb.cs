using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Devices;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>What this program is and what it runs on.</summary>
static class InfoVerb
{
    public static Verb Create(Terminal terminal)
    {
        var profile = new Option<bool>("--profile")
        {
            Description = "A device profile of this machine, its memory's copy rate measured, as --profile of other verbs takes it",
        };
        var verb = new Verb("info", "Version, instruction sets, the kernels in use, caches, cores and board.", "info", "info --json",
            "info --profile > board.json");
        return verb.Takes(profile).Does(parse =>
        {
            if (parse.GetValue(profile))
            {
                var host = HostInfo.Read();
                terminal.Out.Write(ProfileCapture.ToJson(host, "captured", CopyBandwidth.Measure(host.MemoryBytes)));
                return 0;
            }
            var info = InfoJson.OfThisMachine();
            if (verb.IsJson(parse)) terminal.WriteJson(info, InfoJson.Fields);
            else Write(terminal.Out, info);
            return 0;
        }, needsSsl: false);
    }

    static void Write(TextWriter output, InfoJson info)
    {
        output.WriteLine($"version: {info.Version}");
        output.WriteLine($"system: {info.System}");
        output.WriteLine($"kernels: {info.Kernels}");
        output.WriteLine($"instruction sets: {string.Join(", ", info.InstructionSets)}");
        output.WriteLine($"board: {info.Board ?? "not told by the system"}");
        output.WriteLine($"processor: {info.Processor ?? "not told by the system"}");
        output.WriteLine($"cores: {info.Cores}, of these {info.PerformanceCores} performance cores");
        output.WriteLine($"memory: {Figures.Bytes(info.MemoryBytes)}");
        foreach (var cache in info.Caches)
            output.WriteLine($"cache: L{cache.Level} {cache.Kind} {cache.Bytes >> 10} KiB, {cache.Ways} ways, "
                + $"{cache.LineBytes}-byte lines, shared by {cache.SharedBy}");
        if (info.Caches.Count == 0) output.WriteLine("cache: not told by the system");
    }
}
