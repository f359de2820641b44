namespace EdgeDropBack.DeviceLink.Tests;

/// <summary>A line in memory: two streams, each giving what was written to the other, with noise. Cutting it ends both.</summary>
sealed class Wire
{
    readonly Pipe _toAgent, _toHost;

    public Wire(double errors = 0, uint seed = 1)
    {
        (_toAgent, _toHost) = (new(new Noise(errors, seed)), new(new Noise(errors, seed + 100)));
        (Host, Agent) = (new End(_toHost, _toAgent), new End(_toAgent, _toHost));
    }

    public Stream Host { get; }

    public Stream Agent { get; }

    /// <summary>Bytes written by the host so far.</summary>
    public long FromHost => _toAgent.Written;

    public void Cut()
    {
        _toAgent.End();
        _toHost.End();
    }

    sealed class Pipe(Noise noise)
    {
        const int Capacity = 4096;

        readonly object _gate = new();
        readonly List<byte> _bytes = [];
        bool _hasEnded;

        public long Written { get; private set; }

        public int Read(Span<byte> buffer)
        {
            lock (_gate)
            {
                while (_bytes.Count == 0 && !_hasEnded) Monitor.Wait(_gate);
                var count = Math.Min(buffer.Length, _bytes.Count);
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes)[..count].CopyTo(buffer);
                _bytes.RemoveRange(0, count);
                Monitor.PulseAll(_gate);
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                while (_bytes.Count >= Capacity && !_hasEnded) Monitor.Wait(_gate);
                if (_hasEnded) throw new IOException("the wire is cut");
                noise.Pass(bytes, _bytes);
                Written += bytes.Length;
                Monitor.PulseAll(_gate);
            }
        }

        public void End()
        {
            lock (_gate)
            {
                _hasEnded = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    sealed class End(Pipe input, Pipe output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer.AsSpan(offset, count));

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            input.End();
            output.End();
            base.Dispose(disposing);
        }
    }
}
