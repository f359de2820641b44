namespace EdgeDropBack.DeviceLink;

/// <summary>The bytes of one session of a <see cref="Link"/>. Everything throws <see cref="LinkLostException"/> once it is over.</summary>
sealed class LinkStream(Link link, int epoch)
{
    public bool HasBytes => link.HasBytes(epoch);

    public void ReadExactly(Span<byte> destination, CancellationToken cancel)
    {
        while (destination.Length > 0) destination = destination[link.Read(epoch, destination, cancel)..];
    }

    public void Write(ReadOnlySpan<byte> bytes, CancellationToken cancel) => link.Write(epoch, bytes, cancel);

    public void Flush(CancellationToken cancel) => link.Flush(epoch, cancel);

    public void Close() => link.Close(epoch);
}
