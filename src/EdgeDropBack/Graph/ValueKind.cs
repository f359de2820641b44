namespace EdgeDropBack.Graphs;

enum ValueKind
{
    /// <summary>Fed by the user.</summary>
    Input,

    /// <summary>Written by a node.</summary>
    Activation,

    /// <summary>A trainable tensor; read through a weight source, never copied whole.</summary>
    Parameter,

    /// <summary>A frozen tensor that is small enough to be held.</summary>
    Constant,
}
