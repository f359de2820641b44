namespace EdgeDropBack.Files;

/// <summary>Failures of the file system as errors that name the file and the way out.</summary>
static class FileErrors
{
    const int InputOutputError = 5, WouldBlock = 11, NoAccess = 13, NoSpace = 28, ReadOnlyFileSystem = 30, QuotaExceeded = 122;

    /// <summary>The error a user can act on, exit code 1; null when the failure is not one of the file system.</summary>
    public static EdbException? Describe(string path, Exception failure) => failure switch
    {
        DirectoryNotFoundException => EdbException.Failed(
            $"cannot write '{path}': the folder '{RealPath.Folder(path)}' does not exist; create it or choose another path", failure),
        UnauthorizedAccessException or IOException { HResult: NoAccess } => EdbException.Failed(
            $"cannot write '{path}': no permission, or the target is a folder; change its permissions or choose another path", failure),
        IOException { HResult: NoSpace or QuotaExceeded } => EdbException.Failed(
            $"cannot write '{path}': the disk is full; free some space or choose another path (the old file is untouched)", failure),
        IOException { HResult: ReadOnlyFileSystem } => EdbException.Failed(
            $"cannot write '{path}': the file system is read-only; choose a path on a writable one", failure),
        IOException => EdbException.Failed($"cannot write '{path}': {failure.Message}; check the disk or choose another path", failure),
        _ => null,
    };

    /// <summary>Whether an errno of a flush means that what was written may be lost.</summary>
    public static bool IsLoss(int error) => error is InputOutputError or NoSpace or QuotaExceeded;

    /// <summary>Whether a disk takes nothing more.</summary>
    public static bool IsFullOrReadOnly(IOException failure) => failure.HResult is NoSpace or QuotaExceeded or ReadOnlyFileSystem;

    /// <summary>Whether another process has a file open for itself alone.</summary>
    public static bool IsHeld(IOException failure) => failure.HResult == WouldBlock;
}
