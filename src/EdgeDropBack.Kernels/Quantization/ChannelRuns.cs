namespace EdgeDropBack.Kernels;

/// <summary>Cuts flat indices [start, start + count) where the channel's scale changes; channels of one element each are taken together.</summary>
readonly ref struct ChannelRuns(Quantization quantization, long start, nint count)
{
    public Enumerator GetEnumerator() => new(quantization, start, count);

    /// <param name="Channel">The first one's.</param>
    /// <param name="Count">Elements.</param>
    /// <param name="IsAcross">Every element has the next channel.</param>
    public readonly record struct Run(int Channel, nint Count, bool IsAcross);

    public ref struct Enumerator(Quantization quantization, long start, nint count)
    {
        readonly int _channels = quantization.Channels, _inner = quantization.Inner;
        readonly bool _isAcross = quantization.Channels > 1 && quantization.Inner == 1;
        long _at = start;
        nint _left = count;

        public Run Current { get; private set; }

        public bool MoveNext()
        {
            if (_left <= 0) return false;
            if (_channels == 1) Current = new(0, _left, false);
            else if (_isAcross && (int)(_at % _channels) is var first) Current = new(first, (nint)Math.Min(_left, _channels - first), true);
            else Current = new((int)(_at / _inner % _channels), (nint)Math.Min(_left, _inner - _at % _inner), false);
            _at += Current.Count;
            _left -= Current.Count;
            return true;
        }
    }
}
