using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>One hardware event of one thread, counted by the kernel in user mode (perf_event_open).</summary>
public sealed partial class HardwareCounter : IDisposable
{
    const ulong ExcludeKernel = 1 << 5, ExcludeHypervisor = 1 << 6;
    const int NoSuchCall = 38;

    readonly int _descriptor;

    HardwareCounter(int descriptor) => _descriptor = descriptor;

    /// <summary>Starts counting.</summary>
    /// <param name="type">PERF_TYPE_...: 0 hardware, 3 cache, 4 raw, or that of a processor's own unit.</param>
    /// <param name="thread">Its number in the system.</param>
    /// <param name="error">errno where null is returned.</param>
    public static HardwareCounter? Open(uint type, ulong config, int thread, out int error)
    {
        error = NoSuchCall;
        var number = RuntimeInformation.ProcessArchitecture switch { Architecture.X64 => 298, Architecture.Arm64 => 241, _ => 0 };
        if (number == 0 || !OperatingSystem.IsLinux()) return null;
        var attributes = new Attributes { Type = type, Size = 64, Config = config, Flags = ExcludeKernel | ExcludeHypervisor };
        var descriptor = (int)SystemCall(number, ref attributes, thread, -1, -1, 0);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new(descriptor);
    }

    /// <summary>Events so far; -1 where they cannot be read.</summary>
    public long Read() => Read(_descriptor, out var count, sizeof(long)) == sizeof(long) ? count : -1;

    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, ref Attributes attributes, nint thread, nint core, nint group, nint flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, out long count, nint bytes);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    /// <summary>perf_event_attr, first published size.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    struct Attributes
    {
        public uint Type;
        public uint Size;
        public ulong Config;
        public ulong SamplePeriod;
        public ulong SampleType;
        public ulong ReadFormat;
        public ulong Flags;
    }
}
