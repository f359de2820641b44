namespace EdgeDropBack.Traffic;

/// <summary>What is read or written.</summary>
public enum TrafficOperand
{
    ActivationIn,

    ActivationOut,

    /// <summary>Values of the forward that the backward reads, argmax and batch statistics among them.</summary>
    SavedActivation,

    /// <summary>Weights where they are stored: the model file's, or the fp32 copies of the dense baseline.</summary>
    BaseWeights,

    TrackedValues,

    TrackedIndices,

    ActivationGradient,

    WeightGradient,

    /// <summary>Velocities and moments, and running statistics of batch norms that train.</summary>
    OptimizerState,

    /// <summary>
    /// Packed panels, tiles and other scratch of kernels, and what the executor itself touches, which the modelled lens alone sees.
    /// </summary>
    PackingBuffer,

    /// <summary>Candidates and scores of a selection, which the modelled lens alone sees.</summary>
    SelectionBuffer,
}
