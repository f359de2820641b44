using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>One attribute of a node. Only the member that <see cref="Type"/> names is set.</summary>
sealed class OnnxAttribute
{
    internal OnnxAttribute()
    {
    }

    public string Name { get; internal set; } = "";

    public OnnxAttributeType Type { get; internal set; }

    /// <summary>Inside a function: the name of the function's attribute that supplies the value; otherwise null.</summary>
    public string? ReferencedName { get; internal set; }

    public float Float { get; internal set; }

    public long Int { get; internal set; }

    /// <summary>Strings are bytes in the format; text is UTF-8 and undecodable bytes show as U+FFFD.</summary>
    public string String => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>The bytes of a string attribute, copied from the file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; internal set; }

    public OnnxTensor? Tensor { get; internal set; }

    public OnnxGraph? Graph { get; internal set; }

    public IReadOnlyList<float> Floats { get; internal set; } = [];

    public IReadOnlyList<long> Ints { get; internal set; } = [];

    public IReadOnlyList<string> Strings { get; internal set; } = [];

    public IReadOnlyList<OnnxTensor> Tensors { get; internal set; } = [];

    public IReadOnlyList<OnnxGraph> Graphs { get; internal set; } = [];
}
