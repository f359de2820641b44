namespace EdgeDropBack.Traffic;

/// <summary>Part of a training step.</summary>
public enum TrafficPhase
{
    Forward,

    /// <summary>Gradients of activations.</summary>
    BackwardData,

    /// <summary>Gradients of weights.</summary>
    BackwardWeight,

    /// <summary>Choosing the tracked weights.</summary>
    Select,

    Update,

    Checkpoint,

    /// <summary>A frozen front that another runtime computes.</summary>
    Prefix,
}
