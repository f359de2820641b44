namespace EdgeDropBack.Kernels;

/// <summary>What the kinds of base have in common.</summary>
public static class BaseKinds
{
    /// <summary>Bytes of one stored weight; 0 where nothing is stored.</summary>
    public static int BytesPerElement(this BaseKind kind) => kind switch
    {
        BaseKind.Float32 or BaseKind.Int32 or BaseKind.RoundedFloat32 => 4,
        BaseKind.Float16 or BaseKind.BFloat16 => 2,
        BaseKind.UInt8 or BaseKind.Int8 => 1,
        _ => 0,
    };

    /// <summary>Read through scales and zero points.</summary>
    public static bool IsQuantized(this BaseKind kind) => kind is BaseKind.UInt8 or BaseKind.Int8 or BaseKind.Int32 or BaseKind.RoundedFloat32;
}
