namespace EdgeDropBack.Store;

/// <summary>Where a tensor's untracked weights come from.</summary>
enum TensorBaseKind : byte
{
    /// <summary>The read-only initializer in the model file.</summary>
    Mapped = 0,

    /// <summary>Computed from seed, tensor id, distribution and scale.</summary>
    Regenerated = 1,

    /// <summary>Decayed away.</summary>
    Zero = 2,

    /// <summary>Every element equals the scale (batch-norm gamma 1).</summary>
    Constant = 3,
}
