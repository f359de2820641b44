namespace EdgeDropBack.Onnx;

/// <summary>Why an operator cannot be imported, and what to do about it.</summary>
static class UnsupportedOperator
{
    const string Replace = "replace it in the exporting program, or cut the model in front of it";

    public static string Message(OnnxModel model, OnnxNode node)
    {
        if (node.Domain is not ("" or "ai.onnx")) return $"operator {node.Domain}.{node.OpType} is not supported; {Domain(model, node)}";
        return $"operator {node.OpType} is not supported; {WayOut(node.OpType)}";
    }

    static string Domain(OnnxModel model, OnnxNode node) => model.Opsets.TryGetValue(node.Domain, out var version)
        ? $"nothing of domain '{node.Domain}' (version {version}) is known here, only ai.onnx up to {OnnxVersions.NewestOpset} and functions in the file: "
            + "export with standard operators, such as without a runtime's own optimizations"
        : $"the model imports no domain '{node.Domain}'; export it again";

    static string WayOut(string type) => type switch
    {
        "Loop" or "Scan" or "If" => "control flow that depends on data is not: export the model with it unrolled, for fixed sizes",
        "StringNormalizer" or "TfIdfVectorizer" or "StringConcat" or "StringSplit" or "RegexFullMatch" or "LabelEncoder"
            => "strings are not: put text into numbers outside the model",
        "ReverseSequence" => Replace,
        _ when type.Contains("Sequence", StringComparison.Ordinal) || type.StartsWith("Optional", StringComparison.Ordinal)
            => "sequences and optional values are not: export the model with plain tensors",
        _ when type.StartsWith("QLinear", StringComparison.Ordinal) || type.EndsWith("Integer", StringComparison.Ordinal) || type == "DynamicQuantizeLinear"
            => "of quantized models the QDQ form is: QuantizeLinear and DequantizeLinear with constant scales around float operators "
                + "(quantize_static with QuantFormat.QDQ in ONNX Runtime's tools)",
        _ => Replace,
    };
}
