using System.Diagnostics.CodeAnalysis;
using EdgeDropBack.OnnxRuntime;
using EdgeDropBack.Prefixes;

namespace EdgeDropBack.Cli;

/// <summary>
/// Whether this executable was published with what calls ONNX Runtime: the one in the archive -onnxruntime was, the small one was not
/// (tools/publish.sh).
/// </summary>
static class OnnxRuntimeFeature
{
    const string Switch = "EdgeDropBack.OnnxRuntime.IsSupported";

    [FeatureSwitchDefinition(Switch)]
    public static bool IsSupported => !AppContext.TryGetSwitch(Switch, out var isSupported) || isSupported;

    /// <summary>Makes ONNX Runtime what runs frozen prefixes, or something that says where it is to be had.</summary>
    public static void Use()
    {
        if (IsSupported) OnnxRuntimePrefixes.Use();
        else PrefixRuntimes.Current ??= new Absent();
    }

    sealed class Absent : IPrefixRuntime
    {
        public string Name => "ONNX Runtime";

        public IPrefix Load(byte[] model, string path, IReadOnlyList<string> outputs) => throw PrefixRuntimes.Missing();
    }
}
