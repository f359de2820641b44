namespace EdgeDropBack.Prefixes;

/// <summary>The runtime of this process for frozen prefixes. The library has none of its own; EdgeDropBack.OnnxRuntime brings one.</summary>
static class PrefixRuntimes
{
    /// <summary>Set once when the program starts; null where it has none.</summary>
    public static IPrefixRuntime? Current { get; set; }

    public static EdbException Missing(Exception? inner = null) => EdbException.Refused("libonnxruntime.so is missing beside the executable; "
        + "install the archive whose name ends in -onnxruntime, or the package Microsoft.ML.OnnxRuntime in a program of your own", inner);
}
