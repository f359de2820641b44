using EdgeDropBack.Data;

namespace EdgeDropBack.Onnx;

/// <summary>
/// Sizes for the dimensions that a model's inputs leave open, as <c>--dim</c> gives them: by the name that the file has for a dimension, or by
/// <c>INPUT:AXIS</c>. Dimension 0 of the first input, and every one of its name at the start of another, counts the samples.
/// </summary>
sealed class OpenDims
{
    readonly OnnxModel _model;
    readonly Dictionary<string, OnnxDim[]> _dims = new(StringComparer.Ordinal);

    OpenDims(OnnxModel model)
    {
        _model = model;
        foreach (var input in ModelInputs.Of(model))
            if (input.Dims is { } dims) _dims.TryAdd(input.Name, [.. dims]);
    }

    /// <summary>Declared shapes by input, with the given sizes in place; an input without a declared shape is left out.</summary>
    /// <exception cref="EdbException">Exit code 2: a size for a dimension that does not exist, is fixed, or counts the samples.</exception>
    public static IReadOnlyDictionary<string, OnnxDim[]> Resolve(OnnxModel model, IReadOnlyDictionary<string, int>? sizes)
    {
        var open = new OpenDims(model);
        foreach (var (key, size) in sizes ?? new Dictionary<string, int>())
        {
            if (size < 1) throw EdbException.Usage($"--dim {Printable.Name(key)}={size}: a size is a whole number of 1 or more");
            if (!open.SetNamed(key, size) && !open.SetAxis(key, size)) throw open.Unknown(key, size);
        }
        return open._dims;
    }

    /// <summary>How a user gives the size of a dimension.</summary>
    public static string Option(string input, int axis, OnnxDim dim) => $"--dim {Key(input, axis, dim)}=N";

    /// <summary>The options that give an input's open dimensions; empty where it has none beside the batch.</summary>
    public static string Options(OnnxValueInfo input) => string.Join(" ", (input.Dims ?? []).Select((dim, axis) => (dim, axis))
        .Where(d => d.axis != BatchAxis(input.Dims!) && IsOpen(d.dim)).Select(d => Option(input.Name, d.axis, d.dim)).Distinct());

    /// <summary>[N, 3, height, width] or [N, height, width, 3], as far as the declared shape tells.</summary>
    public static bool IsImage(OnnxValueInfo input)
        => input.Dims is [_, var first, _, var last] && (IsOpen(first) || first.Value is 1 or 3 or 4 || last.Value is 1 or 3 or 4);

    /// <summary>The first dimension of an input whose size nobody gave.</summary>
    /// <param name="dims">With the sizes that were given.</param>
    public static EdbException Missing(OnnxValueInfo input, IReadOnlyList<OnnxDim> dims)
    {
        var axis = Enumerable.Range(0, dims.Count).First(i => i != BatchAxis(input.Dims!) && IsOpen(dims[i]));
        return EdbException.Refused($"input '{Printable.Name(input.Name)}': dimension {axis} ('{dims[axis]}') is open; give its size with "
            + $"{Option(input.Name, axis, dims[axis])}{(IsImage(input) ? ", or that of an image with --size" : "")}");
    }

    /// <summary>The axis that counts the samples: the first, unless its size is fixed and another has the name that exporters give a batch.</summary>
    public static int BatchAxis(IReadOnlyList<OnnxDim> dims)
    {
        if (dims.Count == 0 || IsOpen(dims[0])) return 0;
        for (var axis = 1; axis < dims.Count; axis++)
            if (dims[axis].Symbol is { } name && (name == "N" || name.StartsWith("batch", StringComparison.OrdinalIgnoreCase))) return axis;
        return 0;
    }

    /// <summary>The batch size that the file fixes; 0 where it leaves it open.</summary>
    public static int FixedBatch(OnnxModel model)
    {
        foreach (var input in ModelInputs.Of(model))
            if (input.Dims is [{ Value: > 0 and < int.MaxValue } first, ..] dims && BatchAxis(dims) == 0) return (int)first.Value!.Value;
        return 0;
    }

    /// <summary>An input's shape as another runtime takes it: what the file fixes stays so, an open batch is <paramref name="batch"/>.</summary>
    /// <param name="dims">With the sizes that were given.</param>
    public static int[] WholeShape(OnnxValueInfo input, IReadOnlyList<OnnxDim> dims, int batch)
    {
        var batchAxis = BatchAxis(input.Dims!);
        return [.. dims.Select((dim, axis) => !IsOpen(dim) ? ImportShapes.Small(dim.Value!.Value, $"input '{input.Name}'") : axis == batchAxis ? batch
            : throw Missing(input, dims))];
    }

    public static bool IsOpen(OnnxDim dim) => dim.Value is null or < 1;

    static string Key(string input, int axis, OnnxDim dim) => dim.Symbol is { Length: > 0 } name ? Printable.Name(name) : $"{Printable.Name(input)}:{axis}";

    string? BatchName => ModelInputs.Of(_model).FirstOrDefault()?.Dims is [{ Symbol: { Length: > 0 } name }, ..] ? name : null;

    bool SetNamed(string name, int size)
    {
        var isKnown = false;
        var isSet = false;
        foreach (var input in ModelInputs.Of(_model))
        {
            for (var axis = 0; axis < (input.Dims?.Count ?? 0); axis++)
            {
                if (input.Dims![axis].Symbol != name || name.Length == 0) continue;
                isKnown = true;
                if (axis == 0 && name == BatchName) continue;
                Set(input, axis, name, size);
                isSet = true;
            }
        }
        return isSet || (isKnown ? throw CountsSamples(name, size) : false);
    }

    bool SetAxis(string key, int size)
    {
        if (key.LastIndexOf(':') is not (> 0 and var colon) || ModelInputs.Of(_model).FirstOrDefault(input => input.Name == key[..colon]) is not { } input) return false;
        if (input.Dims is not { } dims)
            throw EdbException.Usage($"--dim {Printable.Name(key)}={size}: input '{Printable.Name(input.Name)}' has no declared shape; export the model with one");
        if (!int.TryParse(key[(colon + 1)..], out var given) || given < -dims.Count || given >= dims.Count)
            throw EdbException.Usage($"--dim {Printable.Name(key)}={size}: input '{Printable.Name(input.Name)}' is [{string.Join(", ", dims)}], whose axes are 1 to {dims.Count - 1}");
        var axis = given < 0 ? given + dims.Count : given;
        if (axis == 0) throw CountsSamples(key, size);
        Set(input, axis, key, size);
        return true;
    }

    void Set(OnnxValueInfo input, int axis, string key, int size)
    {
        var dims = _dims[input.Name];
        if (!IsOpen(input.Dims![axis]))
            throw EdbException.Usage($"--dim {Printable.Name(key)}={size}: the model fixes dimension {axis} of input '{Printable.Name(input.Name)}' at {input.Dims![axis]}; leave it out");
        if (dims[axis].Value is { } other && !IsOpen(dims[axis]) && other != size)
            throw EdbException.Usage($"--dim {Printable.Name(key)}={size}: dimension {axis} of input '{Printable.Name(input.Name)}' is given as {other} too");
        dims[axis] = size;
    }

    EdbException CountsSamples(string key, int size) => EdbException.Usage($"--dim {Printable.Name(key)}={size}: that dimension counts the samples, "
        + "whose number is the batch's or the data's; leave it out");

    EdbException Unknown(string key, int size)
    {
        string[] open = [.. ModelInputs.Of(_model).SelectMany(input => (input.Dims ?? []).Select((dim, axis) => (input, dim, axis)))
            .Where(d => IsOpen(d.dim) && d.axis != BatchAxis(d.input.Dims!)).Select(d => Key(d.input.Name, d.axis, d.dim)).Distinct(StringComparer.Ordinal)];
        return EdbException.Usage($"--dim {Printable.Name(key)}={size}: the model has no open dimension of that name"
            + (open.Length == 0 ? " or any other; leave --dim out" : $"; open are {Printable.List(open)}"));
    }
}
