using System.Text.Json.Serialization;

namespace EdgeDropBack.Traffic;

/// <summary>What is read or written.</summary>
public enum TrafficOperand
{
    [JsonStringEnumMemberName("activation in")]
    ActivationIn,

    [JsonStringEnumMemberName("activation out")]
    ActivationOut,

    /// <summary>Values of the forward that the backward reads, argmax and batch statistics among them.</summary>
    [JsonStringEnumMemberName("saved activation")]
    SavedActivation,

    /// <summary>Weights where they are stored: the model file's, or the fp32 copies of the dense baseline.</summary>
    [JsonStringEnumMemberName("base weights")]
    BaseWeights,

    [JsonStringEnumMemberName("tracked values")]
    TrackedValues,

    [JsonStringEnumMemberName("tracked indices")]
    TrackedIndices,

    [JsonStringEnumMemberName("activation gradient")]
    ActivationGradient,

    [JsonStringEnumMemberName("weight gradient")]
    WeightGradient,

    /// <summary>Velocities and moments, and running statistics of batch norms that train.</summary>
    [JsonStringEnumMemberName("optimizer state")]
    OptimizerState,
}
