using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeDropBack.DeviceLink;

/// <summary>Makes a terminal a plain byte line (termios(3)): raw, eight bits, no parity, one stop bit, no flow control.</summary>
static class TerminalSettings
{
    /// <summary>glibc's struct termios, with room to spare.</summary>
    const int Bytes = 128, ControlModesAt = 8;

    const uint StopBits = 0x40, Receiver = 0x80, Parity = 0x100, HangUpOnClose = 0x400, Local = 0x800, HardwareFlow = 0x8000_0000;

    /// <summary>Bits a second and their numbers for cfsetspeed.</summary>
    static readonly (int Baud, uint Speed)[] s_speeds =
    [
        (300, 7), (600, 8), (1200, 9), (2400, 11), (4800, 12), (9600, 13), (19_200, 14), (38_400, 15), (57_600, 0x1001), (115_200, 0x1002),
        (230_400, 0x1003), (460_800, 0x1004), (500_000, 0x1005), (576_000, 0x1006), (921_600, 0x1007), (1_000_000, 0x1008),
        (1_152_000, 0x1009), (1_500_000, 0x100A), (2_000_000, 0x100B), (2_500_000, 0x100C), (3_000_000, 0x100D), (3_500_000, 0x100E),
        (4_000_000, 0x100F),
    ];

    /// <returns>The error number; 0 for done.</returns>
    /// <exception cref="EdbException">Exit code 2: no baud rate of a serial port.</exception>
    public static int Apply(int descriptor, int baud)
    {
        var speed = Array.Find(s_speeds, s => s.Baud == baud).Speed;
        if (speed == 0) throw EdbException.Usage($"--baud {baud} is none of {string.Join(", ", s_speeds.Select(s => s.Baud))}");
        var settings = new byte[Bytes];
        if (LibC.tcgetattr(descriptor, settings) != 0) return Marshal.GetLastPInvokeError();
        LibC.cfmakeraw(settings);
        var modes = settings.AsSpan(ControlModesAt);
        var kept = BinaryPrimitives.ReadUInt32LittleEndian(modes) & ~(StopBits | Parity | HangUpOnClose | HardwareFlow);
        BinaryPrimitives.WriteUInt32LittleEndian(modes, kept | Receiver | Local);
        return LibC.cfsetspeed(settings, speed) == 0 && LibC.tcsetattr(descriptor, 0, settings) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
