using EdgeDropBack.Files;

namespace EdgeDropBack.Onnx;

/// <summary>Data files that belong to a model: opened on first use, kept until the model is closed.</summary>
/// <remarks>A location is a path inside the model's folder. Links are followed before the check, so no link leads out of it.</remarks>
sealed class ExternalData(string modelPath, bool hasFolder) : IDisposable
{
    readonly List<ModelFile> _files = [];
    readonly Dictionary<string, ModelFile> _byLocation = new(StringComparer.Ordinal);

    /// <summary>Files in order of first use.</summary>
    public IReadOnlyList<ModelFile> Files => _files;

    /// <summary>The file at a location; refused unless it is a regular file inside the model's folder.</summary>
    public ModelFile Open(string tensor, string location)
    {
        if (_byLocation.TryGetValue(location, out ModelFile? known)) return known;
        string path = Resolve(tensor, location);
        ModelFile? file = _files.Find(f => f.Path == path);
        if (file is null)
        {
            file = ModelFile.Map(path, $"external data (tensor \"{tensor}\", model {modelPath})");
            _files.Add(file);
        }

        return _byLocation[location] = file;
    }

    public void Dispose()
    {
        foreach (ModelFile file in _files) file.Dispose();
    }

    string Resolve(string tensor, string location)
    {
        if (!hasFolder) throw Refuse(tensor, location, "a model opened from memory has no folder to look in; open it from its file");
        bool inside = location.Length > 0 && !location.Contains('\0') && !Path.IsPathRooted(location) && location[0] != '\\'
            && !(location.Length > 1 && location[1] == ':') && !location.Split('/', '\\').Contains("..");
        if (!inside)
            throw Refuse(tensor, location, "expected a relative path inside the model's folder; save the model with its data beside it");

        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        string path = Real(tensor, location, Path.Combine(folder, location));
        string modelFolder = Real(tensor, location, folder);
        // A download cache links the model and its data into one store: the folder the model really lies in counts too.
        string storeFolder = Path.GetDirectoryName(Real(tensor, location, Path.GetFullPath(modelPath)))!;
        if (!IsUnder(path, modelFolder) && !IsUnder(path, storeFolder))
            throw Refuse(tensor, location, "it is a link that leads out of the model's folder; put the data itself beside the model");
        return path;
    }

    static bool IsUnder(string path, string folder) =>
        path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    string Real(string tensor, string location, string path) =>
        RealPath.Of(path) ?? throw Refuse(tensor, location, "its links go in a circle; put the data itself beside the model");

    EdbException Refuse(string tensor, string location, string why)
    {
        string shown = location.Length <= 200 ? location : location[..200] + "...";
        return EdbException.Refused($"{modelPath}: tensor \"{tensor}\": external data \"{shown.Replace("\0", "\\0")}\" is refused: {why}");
    }
}
