using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Files;
using EdgeDropBack.Onnx;
using EdgeDropBack.Prefixes;
using EdgeDropBack.Store;

namespace EdgeDropBack.Training;

/// <summary>What commands read and write, as <see cref="FileRoles"/> checks it.</summary>
static class RunFiles
{
    const string From = "--from";

    /// <summary>Refuses a training one of whose outputs is an input, another output, or has nowhere to be.</summary>
    /// <exception cref="EdbException">As <see cref="FileRoles.Check"/>; 3: the model cannot be read.</exception>
    public static void Check(PersonalizeOptions options, string store)
    {
        var generations = new Generations(store);
        Model(options.Model)
            .ReadsData("--data", options.Data)
            .ReadsData("--test", options.Test)
            .ReadsData("--retain", options.Retain)
            .ReadsData("--replay", options.Replay)
            .Reads("--labels", options.Labels)
            .Reads("--profile", ProfileFolder.Resolve(options.Profile))
            .Reads(From, options.From, options.From is null ? [] : new Generations(options.From).Files.Where(File.Exists))
            .WritesGenerations("--store", store, generations.Files, generations.WorkingFiles, mayRead: From)
            .Writes("--report", options.Report)
            .Writes("--picture", options.Picture)
            .WritesFolder("--cache", options.Cache, PrefixCache.FilesIn)
            .Check();
    }

    /// <summary>A model and its external data are read.</summary>
    public static FileRoles Model(string path) => new FileRoles().Reads("MODEL", path, OnnxModel.ExternalFilesOf(path));

    /// <summary>A store with all its generations is read, and nothing that a training of it needs may go.</summary>
    public static FileRoles ReadsStore(this FileRoles roles, string name, string? path)
    {
        if (path is null) return roles;
        var generations = new Generations(path);
        return roles.Reads(name, path, generations.Files.Concat(generations.WorkingFiles));
    }

    static FileRoles ReadsData(this FileRoles roles, string name, string? path) => roles.Reads(name, path, DataFiles.With(path));
}
