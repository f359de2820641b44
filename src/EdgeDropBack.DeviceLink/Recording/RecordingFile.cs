using System.Text;
using EdgeDropBack.Data;
using EdgeDropBack.Files;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Windows with their classes as a data set: `x` float32 [N, lines, axes] and `y` int64 [N] in NAME.npz, class names in order of their first
/// recording in NAME.labels.txt. A recording is added to what the file has; both files are replaced whole.
/// </summary>
sealed class RecordingFile
{
    readonly string _path, _labelsPath;
    readonly List<string> _labels = [];
    readonly List<float> _x = [];
    readonly List<long> _y = [];
    readonly int _label;
    bool _isSaved = true;

    /// <exception cref="EdbException">Exit code 3: what is there is no recording.</exception>
    public RecordingFile(string path, string label)
    {
        (_path, _labelsPath) = (path, LabelsOf(path));
        if (File.Exists(_labelsPath)) _labels.AddRange(Labels.Read(_labelsPath));
        if (File.Exists(path)) Load();
        if (!_labels.Contains(label)) _labels.Add(label);
        _label = _labels.IndexOf(label);
    }

    public string LabelsPath => _labelsPath;

    /// <summary>Where the class names of a recording are.</summary>
    public static string LabelsOf(string path) => Path.ChangeExtension(path, ".labels.txt");

    /// <summary>Lines and axes of a window; null before the first.</summary>
    public (int Lines, int Axes)? Shape { get; private set; }

    /// <summary>Windows of all classes.</summary>
    public int Windows => _y.Count;

    /// <summary>Takes windows of one shape; <see cref="Save"/> writes them.</summary>
    public void Add(IReadOnlyList<float[]> windows, int lines, int axes)
    {
        if (windows.Count == 0) return;
        foreach (var window in windows)
        {
            _x.AddRange(window);
            _y.Add(_label);
        }
        (Shape, _isSaved) = ((lines, axes), false);
    }

    /// <exception cref="EdbException">It cannot be written; what was there stays, and saving again is possible.</exception>
    public void Save()
    {
        if (_isSaved || Shape is not var (lines, axes)) return;
        AtomicFile.Write(_labelsPath, stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', _labels) + "\n")));
        NpzWriter.Write(_path, [("x", NpyArray.From(_x.ToArray(), Windows, lines, axes)), ("y", NpyArray.From(_y.ToArray(), Windows))]);
        _isSaved = true;
    }

    void Load()
    {
        var file = NpzFile.Read(_path);
        if (!file.TryGet("x", out var x) || !file.TryGet("y", out var y) || x.Shape is not [var count, var lines, var axes] || y.Length != count)
            throw EdbException.Refused($"'{_path}' is there and is no recording: expected x [N, lines, axes] and y [N]; give another -o");
        _x.AddRange(x.ReadFloats());
        _y.AddRange(y.ReadInt64s("y"));
        foreach (var index in _y)
            if (index < 0 || index >= _labels.Count)
                throw EdbException.Refused($"'{_path}' has class {index}, '{_labelsPath}' has {_labels.Count} names; keep the two files together, or give another -o");
        Shape = (lines, axes);
    }
}
