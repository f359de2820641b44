using System.Globalization;
using System.Text;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Tells systemd how the service is (sd_notify(3)): datagrams of lines such as READY=1 to the socket that NOTIFY_SOCKET names, and
/// WATCHDOG=1 twice in the time that WATCHDOG_USEC allows. Without these variables it does nothing.
/// </summary>
sealed class ServiceManager : IDisposable
{
    const int MaxPath = 107;

    readonly int _socket = -1;
    readonly Timer? _watchdog;

    /// <param name="notifySocket">A path, or an abstract name that begins with '@'; null for none.</param>
    /// <param name="watchdogMicroseconds">Null for no watchdog.</param>
    /// <param name="isWell">Asked before each WATCHDOG=1; while it is false, or does not return, none is sent.</param>
    public ServiceManager(string? notifySocket, string? watchdogMicroseconds, Func<bool> isWell)
    {
        if (string.IsNullOrEmpty(notifySocket)) return;
        var name = Encoding.UTF8.GetBytes(notifySocket[0] == '@' ? "\0" + notifySocket[1..] : notifySocket);
        if (name.Length > MaxPath) return;
        byte[] address = [LibC.AddressFamilyUnix, 0, .. name];
        _socket = LibC.socket(LibC.AddressFamilyUnix, LibC.Datagrams, 0);
        if (_socket < 0 || LibC.connect(_socket, address, address.Length) != 0) return;
        if (!long.TryParse(watchdogMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit < 2000) return;
        var period = limit / 2000;
        _watchdog = new(_ =>
        {
            if (isWell()) Tell("WATCHDOG=1");
        }, null, period, period);
    }

    public static ServiceManager OfProcess(Func<bool> isWell)
        => new(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"), Environment.GetEnvironmentVariable("WATCHDOG_USEC"), isWell);

    public void Ready() => Tell("READY=1");

    public void Dispose()
    {
        _watchdog?.Dispose();
        Tell("STOPPING=1");
        if (_socket >= 0) LibC.close(_socket);
    }

    /// <summary>A manager that does not listen is its own concern.</summary>
    void Tell(string state)
    {
        if (_socket >= 0) LibC.send(_socket, Encoding.ASCII.GetBytes(state), state.Length, LibC.WithoutSignalOrWait);
    }
}
