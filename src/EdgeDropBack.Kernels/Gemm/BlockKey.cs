namespace EdgeDropBack.Kernels;

/// <summary>Which part of an operand lies packed.</summary>
readonly record struct BlockKey(int Group, int Lane, int Lanes, int Depth)
{
    public static BlockKey None => new(-1, 0, 0, 0);
}
