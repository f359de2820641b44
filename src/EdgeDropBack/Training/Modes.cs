namespace EdgeDropBack.Training;

/// <summary>What is trained.</summary>
public enum TrainingMode
{
    /// <summary>The k weights that change most.</summary>
    DropBack,

    /// <summary>Every weight, in dense arrays: the baseline.</summary>
    Dense,

    /// <summary>All weights of the last layer.</summary>
    LastLayer,

    /// <summary>All biases and batch-norm shifts.</summary>
    Bias,
}

/// <summary>How the tracked weights are chosen.</summary>
public enum SelectMode
{
    /// <summary>In every step until the freeze, exactly.</summary>
    Exact,

    /// <summary>In every step until the freeze, by a running quantile of the scores.</summary>
    Quantile,

    /// <summary>Once, from one gradient over the data at the base; frozen from the first step.</summary>
    Once,
}

static class SelectModes
{
    /// <summary>As the command line calls it.</summary>
    public static string Name(this SelectMode mode) => mode switch { SelectMode.Once => "once", SelectMode.Quantile => "quantile", _ => "exact" };
}

/// <summary>What the tracked weights are ranked by.</summary>
public enum ScoreMode
{
    /// <summary>|p - p0| over the RMS of the tensor's gradient at the base.</summary>
    Layer,

    /// <summary>|p - p0|, the authors' one scale for all.</summary>
    Global,
}
