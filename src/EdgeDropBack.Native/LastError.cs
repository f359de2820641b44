using System.Runtime.InteropServices;

namespace EdgeDropBack.Native;

/// <summary>Why the last call on a thread failed, as C text that lives until the next call on that thread.</summary>
static class LastError
{
    static readonly nint s_empty = Marshal.StringToCoTaskMemUTF8("");

    [ThreadStatic]
    static nint t_text;

    public static nint Text => t_text == 0 ? s_empty : t_text;

    public static void Set(string? message)
    {
        if (t_text != 0) Marshal.FreeCoTaskMem(t_text);
        t_text = message is null ? 0 : Marshal.StringToCoTaskMemUTF8(message);
    }
}
