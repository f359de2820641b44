using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>fsync of a folder, which makes a rename in it durable; .NET opens no folders.</summary>
public static partial class FolderSync
{
    const int ReadOnly = 0;

    /// <summary>Returns 0, or the errno of the failed call. On Windows, where folders need no flush, always 0.</summary>
    public static int Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return 0;
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError();
        int error = Fsync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        return error;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
