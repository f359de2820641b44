namespace EdgeDropBack.Traffic;

/// <summary>The names that reports print, the same as in JSON.</summary>
static class TrafficNames
{
    static readonly string[] s_phases = ["forward", "backward-data", "backward-weight", "select", "update", "checkpoint", "prefix"];

    static readonly string[] s_operands =
    [
        "activation in", "activation out", "saved activation", "base weights", "tracked values", "tracked indices",
        "activation gradient", "weight gradient", "optimizer state", "packing buffer", "selection buffer",
    ];

    static readonly string[] s_modes = ["dense", "last-layer", "select", "frozen"];

    public static string[] Phases => s_phases;

    public static string[] Operands => s_operands;

    public static string[] Modes => s_modes;

    public static int PhaseCount => s_phases.Length;

    public static int OperandCount => s_operands.Length;

    public static string Of(TrafficPhase phase) => s_phases[(int)phase];

    public static string Of(TrafficOperand operand) => s_operands[(int)operand];

    public static string Of(TrafficMode mode) => s_modes[(int)mode];

    /// <summary>The operands that DropBack is about; the others are activations and scratch.</summary>
    public static bool IsWeights(TrafficOperand operand) => operand is TrafficOperand.BaseWeights or TrafficOperand.TrackedValues
        or TrafficOperand.TrackedIndices or TrafficOperand.WeightGradient or TrafficOperand.OptimizerState
        or TrafficOperand.SelectionBuffer;
}
