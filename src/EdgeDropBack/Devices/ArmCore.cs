namespace EdgeDropBack.Devices;

/// <summary>Names of Arm's cores by the part number in MIDR_EL1, as /proc/cpuinfo prints it.</summary>
static class ArmCore
{
    const string ArmLimited = "0x41";

    public static string? Name(string? implementer, string? part) => (implementer, part) switch
    {
        (null, _) or (_, null) => null,
        (ArmLimited, "0xd03") => "Cortex-A53",
        (ArmLimited, "0xd05") => "Cortex-A55",
        (ArmLimited, "0xd07") => "Cortex-A57",
        (ArmLimited, "0xd08") => "Cortex-A72",
        (ArmLimited, "0xd0b") => "Cortex-A76",
        (ArmLimited, "0xd41") => "Cortex-A78",
        (ArmLimited, "0xd44") => "Cortex-X1",
        (ArmLimited, "0xd46") => "Cortex-A510",
        (ArmLimited, "0xd47") => "Cortex-A710",
        (ArmLimited, "0xd4d") => "Cortex-A715",
        (ArmLimited, "0xd4e") => "Cortex-X3",
        _ => $"implementer {implementer} part {part}",
    };
}
