namespace EdgeDropBack.Training;

/// <summary>Which kind of step is measured.</summary>
enum BenchMode
{
    /// <summary>Every weight: the baseline.</summary>
    Dense,

    /// <summary>Before the freeze: gradients of all weights, of which the k best are kept.</summary>
    Select,

    /// <summary>After the freeze: the gradients of k weights, spread evenly over all parameters.</summary>
    Frozen,
}
