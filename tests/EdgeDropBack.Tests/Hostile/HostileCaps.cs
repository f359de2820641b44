namespace EdgeDropBack.Tests.Hostile;

/// <summary>What reading one hostile file may take, by kind, as tools/results/hostile.md states it. The samples have at most 64 KiB.</summary>
static class HostileCaps
{
    /// <summary>No file takes longer, in milliseconds. Asserted by tools/fuzz.sh, not by the tests.</summary>
    public const double Milliseconds = 2000;

    /// <summary>Managed bytes for a model: folded constants of at most 2^22 numbers, the graph, two plans and a training step.</summary>
    public const long Model = 256L << 20;

    /// <summary>The same, with weights in a file beside the model.</summary>
    public const long ExternalData = 64L << 20;

    /// <summary>A store's sections are read in pieces that were seen to be there.</summary>
    public const long Store = 16L << 20;

    /// <summary>Arrays: 1032 times the compressed bytes at most (see DataLimits), which for these samples is some megabytes.</summary>
    public const long Arrays = 64L << 20;

    /// <summary>An image of at most 64 Mi pixels may be declared by a few bytes; the decoder holds up to 8 bytes a pixel.</summary>
    public const long Image = 640L << 20;

    /// <summary>Profiles, labels, sidecars, reports and CSV: text, at most a few hundred times its length.</summary>
    public const long Text = 16L << 20;
}
