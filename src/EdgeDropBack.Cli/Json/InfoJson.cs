using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using EdgeDropBack.Devices;
using EdgeDropBack.Json;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb info --json`.</summary>
/// <param name="Kernels">Name of the kernels in use.</param>
/// <param name="InstructionSets">What this build may use here.</param>
sealed record InfoJson(string Version, string System, string Kernels, IReadOnlyList<string> InstructionSets, string? Board,
    string? Processor,
    int Cores, int PerformanceCores, double MaxClockGHz, long MemoryBytes, IReadOnlyList<HostCache> Caches)
{
    public static void Fields(Utf8JsonWriter json, InfoJson value)
    {
        json.Field("version", value.Version);
        json.Field("system", value.System);
        json.Field("kernels", value.Kernels);
        json.Field("instructionSets", value.InstructionSets);
        json.Field("board", value.Board);
        json.Field("processor", value.Processor);
        json.Field("cores", value.Cores);
        json.Field("performanceCores", value.PerformanceCores);
        json.Field("maxClockGHz", value.MaxClockGHz);
        json.Field("memoryBytes", value.MemoryBytes);
        json.Field("caches", value.Caches, Fields);
    }

    public static InfoJson OfThisMachine()
    {
        var host = HostInfo.Read();
        return new(CommandLine.Version, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            KernelTable.Active, [.. Sets()],
            host.Board, host.Processor, host.LogicalCores, host.PerformanceCores, host.MaxClockGHz, host.MemoryBytes, host.Caches);
    }

    static IEnumerable<string> Sets()
    {
        if (Sse42.IsSupported) yield return "sse4.2";
        if (Avx.IsSupported) yield return "avx";
        if (Avx2.IsSupported) yield return "avx2";
        if (Fma.IsSupported) yield return "fma";
        if (KernelTable.Supported.Contains(KernelTable.Avx512)) yield return "avx512f";
        if (AdvSimd.IsSupported) yield return "advsimd";
        if (Dp.IsSupported) yield return "dotprod";
        if (Crc32.IsSupported) yield return "crc32";
    }

    public static void Fields(Utf8JsonWriter json, HostCache cache)
    {
        json.Field("level", cache.Level);
        json.Field("kind", cache.Kind);
        json.Field("bytes", cache.Bytes);
        json.Field("ways", cache.Ways);
        json.Field("lineBytes", cache.LineBytes);
        json.Field("sharedBy", cache.SharedBy);
    }
}
