namespace EdgeDropBack.Traffic;

/// <summary>Kind of training step.</summary>
public enum TrafficMode
{
    /// <summary>Every weight, by SGD, momentum or Adam.</summary>
    Dense,

    /// <summary>The last weighted layer densely, and nothing in front of it.</summary>
    LastLayer,

    /// <summary>DropBack before the freeze: tracked weights may be exchanged.</summary>
    Select,

    /// <summary>DropBack after the freeze: only tracked gradients are formed.</summary>
    Frozen,
}
