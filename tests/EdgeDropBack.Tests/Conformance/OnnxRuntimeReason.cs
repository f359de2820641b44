using System.Text.RegularExpressions;

namespace EdgeDropBack.Tests.Conformance;

/// <summary>What ONNX Runtime says where it does not run a model, in few words and without places.</summary>
static partial class OnnxRuntimeReason
{
    public static string Of(string message)
    {
        if (NotImplemented().IsMatch(message)) return "has no kernel for it";
        if (Newer().IsMatch(message)) return "opset not known to it";
        var text = message.ReplaceLineEndings(" ");
        var at = text.LastIndexOf("ONNX Runtime", StringComparison.Ordinal);
        text = Places().Replace(text[Math.Max(0, at)..], "");
        return text.Length > 160 ? text[..160] : text;
    }

    [GeneratedRegex("NOT_IMPLEMENTED|NotImplemented|Could not find an implementation|is not a registered function")]
    private static partial Regex NotImplemented();

    [GeneratedRegex("is under development|till opset|only \\*guarantees\\* support")]
    private static partial Regex Newer();

    [GeneratedRegex(@"(/[\w.-]+)+(:\d+)?\s?|\[ErrorCode:\w+\]\s?")]
    private static partial Regex Places();
}
