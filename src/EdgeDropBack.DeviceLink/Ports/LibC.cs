using System.Runtime.InteropServices;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// The calls of glibc that the base library has only behind what wakes up too often (SerialPort) or weighs too much in an executable (both it
/// and Socket). Linux on x64 and arm64, where these numbers are the same.
/// </summary>
static class LibC
{
    public const short PollIn = 1, PollOut = 4, PollError = 8 | 16 | 32;

    public const int NoEntry = 2, Interrupted = 4, TryAgain = 11, NoTerminal = 25;

    /// <summary>For open: O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC.</summary>
    public const int ReadWriteTerminal = 2 | 0x100 | 0x800 | 0x80000;

    /// <summary>For ioctl: TIOCEXCL, TIOCMBIS and TIOCM_DTR.</summary>
    public const uint Exclusive = 0x540C, SetModemLines = 0x5416, Dtr = 2;

    /// <summary>For flock: LOCK_EX | LOCK_NB.</summary>
    public const int LockExclusiveNow = 2 | 4;

    public const int AddressFamilyUnix = 1;

    /// <summary>SOCK_DGRAM | SOCK_CLOEXEC.</summary>
    public const int Datagrams = 2 | 0x80000;

    /// <summary>For send: MSG_NOSIGNAL | MSG_DONTWAIT.</summary>
    public const int WithoutSignalOrWait = 0x4000 | 0x40;

    [DllImport("libc", SetLastError = true)]
    public static extern int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    public static extern nint read(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    public static extern nint write(int descriptor, ref byte buffer, nint count);

    /// <param name="path">UTF-8 with a zero at the end.</param>
    [DllImport("libc", SetLastError = true)]
    public static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    public static extern int ioctl(int descriptor, nuint request, ref uint argument);

    [DllImport("libc", SetLastError = true)]
    public static extern int tcgetattr(int descriptor, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    public static extern int tcsetattr(int descriptor, int when, byte[] settings);

    [DllImport("libc")]
    public static extern void cfmakeraw(byte[] settings);

    [DllImport("libc")]
    public static extern int cfsetspeed(byte[] settings, uint speed);

    [DllImport("libc", SetLastError = true)]
    public static extern int flock(int descriptor, int operation);

    [DllImport("libc")]
    public static extern int socket(int family, int type, int protocol);

    [DllImport("libc")]
    public static extern int connect(int descriptor, byte[] address, int length);

    [DllImport("libc")]
    public static extern nint send(int descriptor, byte[] bytes, nint count, int flags);

    [DllImport("libc")]
    public static extern int close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
