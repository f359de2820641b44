namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Estimates how often a byte goes wrong from the frames that were lost, and gives the payload that then gets most through: with rate e and
/// h bytes of overhead, P / (P + h) * (1 - e)^(P + h) is largest at P = (sqrt(h^2 + 4 h / e) - h) / 2.
/// </summary>
/// <param name="overhead">Bytes on the line beside the payload.</param>
sealed class ErrorRate(int overhead)
{
    const int SmallestPayload = 16;

    /// <summary>Weight of one frame, and the most that one mean may be made of: a stretch where all is lost still gives a rate.</summary>
    const double Weight = 1.0 / 48, MostLost = 0.95;

    const double Start = 1e-3, Least = 1e-6;

    double _lost = double.NaN, _length;

    /// <summary>Bytes that go wrong, as a share.</summary>
    public double PerByte { get; private set; } = Start;

    public int Payload { get; private set; } = Best(Start, overhead);

    /// <param name="payload">Of a frame that arrived or did not.</param>
    public void Saw(int payload, bool lost)
    {
        var length = payload + overhead;
        if (double.IsNaN(_lost)) (_lost, _length) = (1 - Math.Exp(-Start * length), length);
        _lost += ((lost ? 1 : 0) - _lost) * Weight;
        _length += (length - _length) * Weight;
        PerByte = Math.Max(Least, -Math.Log(1 - Math.Min(MostLost, _lost)) / _length);
        Payload = Best(PerByte, overhead);
    }

    static int Best(double rate, int overhead) => (int)Math.Clamp(
        (Math.Sqrt((double)overhead * overhead + 4 * overhead / rate) - overhead) / 2, SmallestPayload, FrameFormat.MaxPayload);
}
