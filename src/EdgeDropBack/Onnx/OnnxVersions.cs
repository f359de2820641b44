namespace EdgeDropBack.Onnx;

/// <summary>The newest published versions of the format this reader was written against (onnx 1.22, docs/Versioning.md).</summary>
static class OnnxVersions
{
    public const long NewestIr = 13;

    public const long NewestOpset = 27;

    /// <summary>From this IR version on a model must say which operator sets it is written in.</summary>
    internal const long OpsetsRequiredFromIr = 3;
}
