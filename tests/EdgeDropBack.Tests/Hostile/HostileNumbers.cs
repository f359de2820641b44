using CsCheck;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Numbers at which readers break.</summary>
static class HostileNumbers
{
    public static Gen<long> All { get; } = Gen.OneOf(
        Gen.Long[-3, 9],
        Gen.OneOfConst(0, 1, 2, 255, 256, 4095, 65_535, 65_536, 1 << 20, (1 << 20) + 1, 1 << 24, 1 << 30, int.MaxValue, 1L << 31, uint.MaxValue,
            1L << 32, 1L << 40, 1L << 62, long.MaxValue, long.MinValue, int.MinValue, -4, -1000),
        Gen.Long);
}
