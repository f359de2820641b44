using System.Globalization;
using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>
/// All of a function that decides what it computes, as text: two functions of the same text are the same, whichever program wrote the
/// file, in whichever order of fields.
/// </summary>
static class FunctionText
{
    public static string Of(OnnxFunction function)
    {
        var text = new StringBuilder();
        Names(text, function.Inputs);
        Names(text, function.Outputs);
        Names(text, function.Attributes);
        foreach (var attribute in function.AttributeDefaults) Attribute(text, attribute);
        foreach (var (domain, version) in function.Opsets.OrderBy(opset => opset.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"opset {Quoted(domain)} {version}\n");
        foreach (var node in function.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(node.Domain)}.{Quoted(node.OpType)} {Quoted(node.Overload)}\n");
            Names(text, node.Inputs);
            Names(text, node.Outputs);
            foreach (var attribute in node.Attributes.OrderBy(a => a.Name, StringComparer.Ordinal)) Attribute(text, attribute);
        }
        return text.ToString();
    }

    static void Names(StringBuilder text, IReadOnlyList<string> names)
    {
        foreach (var name in names) text.Append(Quoted(name)).Append(' ');
        text.Append('\n');
    }

    /// <summary>Numbers, strings and references; a tensor or a graph is only named, as no function here has one.</summary>
    static void Attribute(StringBuilder text, OnnxAttribute a)
    {
        text.Append(CultureInfo.InvariantCulture, $" {Quoted(a.Name)} {a.Type} ref {Quoted(a.ReferencedName ?? "")} {a.Int} {BitConverter.SingleToUInt32Bits(a.Float)}");
        text.Append(CultureInfo.InvariantCulture, $" {Convert.ToHexStringLower(a.Bytes.Span)} [{string.Join(' ', a.Ints)}]");
        text.Append(CultureInfo.InvariantCulture, $" [{string.Join(' ', a.Floats.Select(BitConverter.SingleToUInt32Bits))}]");
        text.Append(CultureInfo.InvariantCulture, $" [{string.Join(' ', a.Strings.Select(Quoted))}]");
        text.Append(CultureInfo.InvariantCulture, $" tensors {(a.Tensor is null ? 0 : 1) + a.Tensors.Count} graphs {(a.Graph is null ? 0 : 1) + a.Graphs.Count}\n");
    }

    static string Quoted(string name) => $"{name.Length}:{name}";
}
