namespace EdgeDropBack.Traffic;

enum TrafficTermKind
{
    Read,
    Write,

    /// <summary>Added to what is there: read and written.</summary>
    Accumulate,

    /// <summary>A parameter is read as its base with tracked values laid over it.</summary>
    ReadWeights,

    /// <summary>The gradient of a parameter is formed by the node that packs it.</summary>
    FormGradient,

    /// <summary>A materialised gradient is looked through for tracked weights and candidates.</summary>
    HandOverGradient,
}
