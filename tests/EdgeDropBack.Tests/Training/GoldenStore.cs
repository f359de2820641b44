namespace EdgeDropBack.Tests.Training;

/// <summary>
/// The store that <c>edb personalize --steps 20 --batch 8 --lr 0.4 --seed 1</c> makes of the shipped example. Every machine must make these
/// bits: the tests check x64, tools/check-binary.sh the executables for x64 and arm64. Only a deliberate change of the arithmetic or of the
/// store's format may change it.
/// </summary>
static class GoldenStore
{
    public const string Sha256 = "930131ef85a73d9bcbdbe4cfe160d7ddfa3ecd808df36415e5d16a1c58975a98";
}
