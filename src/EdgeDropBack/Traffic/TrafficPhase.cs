using System.Text.Json.Serialization;

namespace EdgeDropBack.Traffic;

/// <summary>Part of a training step.</summary>
public enum TrafficPhase
{
    [JsonStringEnumMemberName("forward")]
    Forward,

    /// <summary>Gradients of activations.</summary>
    [JsonStringEnumMemberName("backward-data")]
    BackwardData,

    /// <summary>Gradients of weights.</summary>
    [JsonStringEnumMemberName("backward-weight")]
    BackwardWeight,

    /// <summary>Choosing the tracked weights.</summary>
    [JsonStringEnumMemberName("select")]
    Select,

    [JsonStringEnumMemberName("update")]
    Update,

    [JsonStringEnumMemberName("checkpoint")]
    Checkpoint,
}
