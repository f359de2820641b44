using System.Text.Json;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Json;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Cli.Json;

/// <summary>What an agent answers to `edb device status`.</summary>
/// <param name="Training">Arguments of the present or last training; null where there was none.</param>
sealed record AgentStatusJson(string Version, string Kernels, AgentLimits Limits, long FreeBytes, IReadOnlyList<AgentFileJson> Files,
    IReadOnlyList<string>? Training, bool IsTraining, string? Phase, int Step, int Steps)
{
    public static void Fields(Utf8JsonWriter json, AgentStatusJson value)
    {
        json.Field("version", value.Version);
        json.Field("kernels", value.Kernels);
        json.Field("maxFileBytes", value.Limits.FileBytes);
        json.Field("maxFiles", value.Limits.Files);
        json.Field("maxFolderBytes", value.Limits.FolderBytes);
        json.Field("freeBytes", value.FreeBytes);
        json.Field("files", value.Files, AgentFileJson.Fields);
        json.Field("training", value.Training);
        json.Field("isTraining", value.IsTraining);
        json.Field("phase", value.Phase);
        json.Field("step", value.Step);
        json.Field("steps", value.Steps);
    }

    public static AgentStatusJson Of(AgentFolder folder, AgentJob? job)
    {
        var progress = job?.Progress ?? default;
        return new(CommandLine.Version, KernelTable.Active, folder.Limits, folder.FreeBytes,
            [.. folder.Files().Select(file => new AgentFileJson(file.Name, file.Length))], job?.Arguments, job?.IsRunning ?? false,
            progress.Phase, progress.Step, progress.Steps);
    }
}

sealed record AgentFileJson(string Name, long Bytes)
{
    public static void Fields(Utf8JsonWriter json, AgentFileJson value)
    {
        json.Field("name", value.Name);
        json.Field("bytes", value.Bytes);
    }
}
