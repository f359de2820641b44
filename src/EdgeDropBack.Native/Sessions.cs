using EdgeDropBack.Training;

namespace EdgeDropBack.Native;

/// <summary>Open sessions by handle. Handles count upwards and are never used again.</summary>
static class Sessions
{
    static readonly Lock s_lock = new();
    static readonly Dictionary<ulong, NativeSession> s_open = [];
    static ulong s_last;

    public static ulong Add(TrainingSession session)
    {
        var opened = new NativeSession(session);
        lock (s_lock)
        {
            s_open.Add(++s_last, opened);
            return s_last;
        }
    }

    public static NativeSession Of(ulong handle)
    {
        lock (s_lock) return s_open.TryGetValue(handle, out var session) ? session : throw NotOpen();
    }

    public static void Close(ulong handle)
    {
        NativeSession? session;
        lock (s_lock)
        {
            if (!s_open.Remove(handle, out session)) throw NotOpen();
        }
        session.Close();
    }

    public static EdbException NotOpen() => EdbException.Usage("session is not an open handle; edb_open gives one, edb_close ends it");
}
