namespace EdgeDropBack.Prefixes;

/// <summary>The runtime of this process for frozen prefixes. The library has none of its own; EdgeDropBack.OnnxRuntime brings one.</summary>
static class PrefixRuntimes
{
    /// <summary>Set once when the program starts; null where it has none.</summary>
    public static IPrefixRuntime? Current { get; set; }
}
