namespace EdgeDropBack.Kernels;

/// <summary>Where the values of untracked weights come from.</summary>
public enum BaseKind
{
    /// <summary>Stored as IEEE 754 binary32.</summary>
    Float32,

    /// <summary>Stored as IEEE 754 binary16, widened when read.</summary>
    Float16,

    /// <summary>Stored as bfloat16, widened when read.</summary>
    BFloat16,

    /// <summary>Computed from seed, tensor and index.</summary>
    Regenerated,

    /// <summary>All zero: the base has decayed away.</summary>
    Zero,
}
