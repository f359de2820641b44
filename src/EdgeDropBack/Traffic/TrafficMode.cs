using System.Text.Json.Serialization;

namespace EdgeDropBack.Traffic;

/// <summary>Kind of training step.</summary>
public enum TrafficMode
{
    /// <summary>Every weight, by SGD, momentum or Adam.</summary>
    [JsonStringEnumMemberName("dense")]
    Dense,

    /// <summary>The last weighted layer densely, and nothing in front of it.</summary>
    [JsonStringEnumMemberName("last-layer")]
    LastLayer,

    /// <summary>DropBack before the freeze: tracked weights may be exchanged.</summary>
    [JsonStringEnumMemberName("select")]
    Select,

    /// <summary>DropBack after the freeze: only tracked gradients are formed.</summary>
    [JsonStringEnumMemberName("frozen")]
    Frozen,
}
