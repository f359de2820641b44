using System.IO.Ports;
using System.Runtime.InteropServices;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// A serial port or pseudo-terminal as a stream. <see cref="SerialPort"/> opens and configures it; bytes go by poll, read and write on its
/// descriptor, since its own stream wakes up a thousand times a second to look for them.
/// </summary>
sealed class SerialLine : Stream
{
    const short PollIn = 1, PollOut = 4, PollError = 8 | 16 | 32;
    const int LookAgainMilliseconds = 250, Interrupted = 4, TryAgain = 11, LockExclusiveNow = 2 | 4;
    const string Descriptors = "/proc/self/fd";

    readonly SerialPort _port;
    readonly int _descriptor;
    readonly Lock _reading = new(), _writing = new();
    volatile bool _isDisposed;

    SerialLine(SerialPort port, int descriptor) => (_port, _descriptor) = (port, descriptor);

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
        if (!File.Exists(path)) throw EdbException.Refused($"there is no port '{path}'; {Candidates()}");
        var resolved = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        var port = new SerialPort(resolved, baud);
        try
        {
            var before = DescriptorsOf(resolved);
            port.Open();
            if (dtr) port.DtrEnable = true;
            var descriptor = DescriptorsOf(resolved).Find(d => !before.Contains(d));
            if (descriptor == 0) throw new IOException("its descriptor was not found under " + Descriptors);
            if (flock(descriptor, LockExclusiveNow) != 0) throw new UnauthorizedAccessException("locked");
            return new(port, descriptor);
        }
        catch (UnauthorizedAccessException e)
        {
            port.Dispose();
            throw EdbException.Refused($"port '{path}' is busy, or this user may not open it (group dialout); {Candidates()}", e);
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException)
        {
            port.Dispose();
            throw EdbException.Refused(dtr
                ? $"port '{path}' cannot be opened at {baud} baud with DTR ({e.Message}); a pseudo-terminal has no DTR: leave --dtr out"
                : $"port '{path}' cannot be opened at {baud} baud ({e.Message}); {Candidates()}", e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <returns>At least one byte; 0 once disposed.</returns>
    /// <exception cref="IOException">The port is gone.</exception>
    public override int Read(Span<byte> buffer)
    {
        lock (_reading)
        {
            while (!_isDisposed)
            {
                if (!IsReady(PollIn)) continue;
                var count = read(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
                if (count > 0) return (int)count;
                var error = Marshal.GetLastPInvokeError();
                if (count == 0 || error is not (Interrupted or TryAgain)) throw Gone(count == 0 ? 0 : error);
            }
        }
        return 0;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_writing)
        {
            while (buffer.Length > 0 && !_isDisposed)
            {
                if (!IsReady(PollOut)) continue;
                var count = write(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
                if (count >= 0) buffer = buffer[(int)count..];
                else if (Marshal.GetLastPInvokeError() is not (Interrupted or TryAgain) and var error) throw Gone(error);
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
        if (disposing)
        {
            lock (_reading)
            {
                lock (_writing) Close(_port);
            }
        }
        base.Dispose(disposing);
    }

    static void Close(SerialPort port)
    {
        try
        {
            port.Dispose();
        }
        catch (IOException)
        {
            // A port that was unplugged cannot be flushed.
        }
    }

    /// <summary>What could have been meant.</summary>
    static string Candidates()
    {
        var names = SerialPort.GetPortNames();
        Array.Sort(names, StringComparer.Ordinal);
        return names.Length == 0 ? "no serial port is there; plug the adapter in, or give its path" : $"ports here: {string.Join(", ", names)}";
    }

    bool IsReady(short events)
    {
        var poll = new PollDescriptor { Descriptor = _descriptor, Events = events };
        var ready = SerialLine.poll(ref poll, 1, LookAgainMilliseconds);
        if (ready < 0 && Marshal.GetLastPInvokeError() != Interrupted) throw Gone(Marshal.GetLastPInvokeError());
        if (ready > 0 && (poll.Returned & PollError) != 0 && (poll.Returned & events) == 0) throw Gone(0);
        return ready > 0;
    }

    static IOException Gone(int error) => new(error == 0 ? "the port was hung up" : $"the port is gone, errno {error}");

    static List<int> DescriptorsOf(string path)
    {
        var found = new List<int>();
        foreach (var link in Directory.GetFiles(Descriptors))
            if (new FileInfo(link).LinkTarget == path && int.TryParse(Path.GetFileName(link), out var descriptor)) found.Add(descriptor);
        return found;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [DllImport("libc", SetLastError = true)]
    static extern int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    static extern nint read(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    static extern nint write(int descriptor, ref byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    static extern int flock(int descriptor, int operation);
}
