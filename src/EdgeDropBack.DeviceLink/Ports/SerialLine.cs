using System.Runtime.InteropServices;
using System.Text;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// A serial port or pseudo-terminal as a stream. DTR is what the driver makes of it when a port is opened, and stays so when it is closed.
/// </summary>
sealed class SerialLine : Stream
{
    const int LookAgainMilliseconds = 250;
    const string Terminals = "/sys/class/tty";

    readonly int _descriptor;
    readonly Lock _reading = new(), _writing = new();
    volatile bool _isDisposed;
    bool _isClosed;

    SerialLine(int descriptor) => _descriptor = descriptor;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <param name="dtr">Raise DTR, which resets many boards; otherwise the program leaves it alone.</param>
    /// <exception cref="EdbException">Exit code 3: there is no such port, it is busy, or it does not take the baud rate.</exception>
    public static SerialLine Open(string path, int baud, bool dtr)
    {
        var descriptor = LibC.open(Encoding.UTF8.GetBytes(path + "\0"), LibC.ReadWriteTerminal);
        var error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error == LibC.NoEntry) throw EdbException.Refused($"there is no port '{path}'; {Candidates()}");
        if (error != 0)
            throw EdbException.Refused($"port '{path}' is busy, or this user may not open it (group dialout): {Words(error)}; {Candidates()}");
        try
        {
            var argument = 0u;
            if (LibC.flock(descriptor, LibC.LockExclusiveNow) != 0) throw EdbException.Refused($"port '{path}' is busy: another process has it; {Candidates()}");
            error = TerminalSettings.Apply(descriptor, baud);
            if (error == LibC.NoTerminal) throw EdbException.Refused($"'{path}' is no serial port; {Candidates()}");
            if (error != 0) throw EdbException.Refused($"port '{path}' does not take {baud} baud: {Words(error)}; give another --baud");
            _ = LibC.ioctl(descriptor, LibC.Exclusive, ref argument);
            argument = LibC.Dtr;
            if (dtr && LibC.ioctl(descriptor, LibC.SetModemLines, ref argument) != 0)
                throw EdbException.Refused($"port '{path}' has no DTR: {Words(Marshal.GetLastPInvokeError())}; leave --dtr out");
            return new(descriptor);
        }
        catch
        {
            _ = LibC.close(descriptor);
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <returns>At least one byte; 0 once disposed.</returns>
    /// <exception cref="IOException">The port is gone.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_isDisposed)
            if (ReadWithin(buffer, LookAgainMilliseconds) is > 0 and var count) return count;
        return 0;
    }

    /// <returns>0 when nothing came in time.</returns>
    /// <exception cref="IOException">The port is gone.</exception>
    public int ReadWithin(Span<byte> buffer, int milliseconds)
    {
        lock (_reading)
        {
            if (_isDisposed || !IsReady(LibC.PollIn, milliseconds)) return 0;
            var count = LibC.read(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (count > 0) return (int)count;
            var error = Marshal.GetLastPInvokeError();
            if (count == 0 || error is not (LibC.Interrupted or LibC.TryAgain)) throw Gone(count == 0 ? 0 : error);
            return 0;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_writing)
        {
            while (buffer.Length > 0 && !_isDisposed)
            {
                if (!IsReady(LibC.PollOut, LookAgainMilliseconds)) continue;
                var count = LibC.write(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
                if (count >= 0) buffer = buffer[(int)count..];
                else if (Marshal.GetLastPInvokeError() is not (LibC.Interrupted or LibC.TryAgain) and var error) throw Gone(error);
            }
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The descriptor is closed only when neither thread looks at it: its number may be another file's the next moment.</summary>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        lock (_reading)
            lock (_writing)
            {
                if (!_isClosed) _ = LibC.close(_descriptor);
                _isClosed = true;
            }
        base.Dispose(disposing);
    }

    /// <summary>What could have been meant: terminals that belong to a device, without the empty places of old serial cards.</summary>
    static string Candidates()
    {
        var names = new List<string>();
        if (Directory.Exists(Terminals))
            foreach (var folder in Directory.GetDirectories(Terminals))
                if (Path.Exists(Path.Combine(folder, "device")) && !IsEmptyPlace(Path.Combine(folder, "type"))) names.Add("/dev/" + Path.GetFileName(folder));
        names.Sort(StringComparer.Ordinal);
        return names.Count == 0 ? "no serial port is there; plug the adapter in, or give its path" : $"ports here: {string.Join(", ", names)}";
    }

    static bool IsEmptyPlace(string typeFile) => File.Exists(typeFile) && File.ReadAllText(typeFile).Trim() == "0";

    static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);

    bool IsReady(short events, int milliseconds)
    {
        var poll = new LibC.PollDescriptor { Descriptor = _descriptor, Events = events };
        var ready = LibC.poll(ref poll, 1, milliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != LibC.Interrupted) throw Gone(Marshal.GetLastPInvokeError());
        if (ready > 0 && (poll.Returned & LibC.PollError) != 0 && (poll.Returned & events) == 0) throw Gone(0);
        return ready > 0;
    }

    static IOException Gone(int error) => new(error == 0 ? "the port was hung up" : $"the port is gone: {Words(error)}");
}
