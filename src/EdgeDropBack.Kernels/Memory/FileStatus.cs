using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>What the system says of a file, links followed: which one it is, what kind, and who may use it.</summary>
/// <param name="Device">Of the file system; with <paramref name="Inode"/> it tells one file from every other, whatever its names.</param>
/// <param name="Mode">Type and permission bits, as stat(2) has them.</param>
public readonly partial record struct FileStatus(ulong Device, ulong Inode, uint Mode, uint Owner, uint Group)
{
    const int CurrentFolder = -100, BasicFields = 0x7FF, StatxBytes = 256;
    const int MayWriteAndSearch = 3;
    const uint TypeMask = 0xF000, Regular = 0x8000, Folder = 0x4000, PermissionMask = 0xFFF;

    public bool IsRegular => (Mode & TypeMask) == Regular;

    public bool IsFolder => (Mode & TypeMask) == Folder;

    public UnixFileMode Permissions => (UnixFileMode)(Mode & PermissionMask);

    /// <summary>Null where nothing is there, or the system is not Linux.</summary>
    public static FileStatus? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var fields = new byte[StatxBytes]; // struct statx has the same layout on every architecture
        if (Statx(CurrentFolder, path, 0, BasicFields, ref fields[0]) != 0) return null;
        var device = (ulong)Number(fields, 136) << 32 | Number(fields, 140);
        return new(device, BinaryPrimitives.ReadUInt64LittleEndian(fields.AsSpan(32)),
            BinaryPrimitives.ReadUInt16LittleEndian(fields.AsSpan(28)), Number(fields, 20), Number(fields, 24));
    }

    /// <summary>Why no file can be made in a folder: an errno, or 0 where one can.</summary>
    public static int WhyFolderIsNotWritable(string folder)
        => !OperatingSystem.IsLinux() || Access(folder, MayWriteAndSearch) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Gives a file to the owner of this one, as far as this process may.</summary>
    public void GiveOwner(string path)
    {
        if (Of(path) is { } present && (present.Owner, present.Group) != (Owner, Group)) _ = Chown(path, Owner, Group);
    }

    static uint Number(byte[] fields, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(fields.AsSpan(offset));

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte fields);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint owner, uint group);
}
