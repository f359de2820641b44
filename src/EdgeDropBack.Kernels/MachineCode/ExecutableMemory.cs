using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>Machine code in memory of its own, written once, then readable and executable but not writable. Never freed.</summary>
static unsafe partial class ExecutableMemory
{
    const int ProtectRead = 1, ProtectWrite = 2, ProtectExecute = 4, MapPrivate = 2, MapAnonymous = 32;

    /// <returns>The code's address, or null where the system allows no such memory.</returns>
    public static void* Place(ReadOnlySpan<byte> code)
    {
        var length = (nuint)code.Length;
        var memory = Map(null, length, ProtectRead | ProtectWrite, MapPrivate | MapAnonymous, -1, 0);
        if ((nint)memory == -1)
            return null;
        code.CopyTo(new Span<byte>(memory, code.Length));
        return Protect(memory, length, ProtectRead | ProtectExecute) == 0 ? memory : null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);
}
