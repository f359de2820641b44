namespace EdgeDropBack.Kernels;

/// <summary><see cref="PatchLines"/> and <see cref="GradientLines"/>: lines over the planes of all samples.</summary>
sealed class PatchAccesses : OperandAccesses
{
    readonly MemoryBlock _planes;
    readonly PlaneWindow _window;
    readonly long _plane, _sample;
    readonly int _groupChannels, _taps;
    readonly bool _alongDepth;
    readonly (int Y, int X)[] _offsets;

    PatchAccesses(MemoryBlock planes, PlaneWindow window, long plane, int channels, int groups, (int Y, int X)[] offsets, bool alongDepth)
    {
        (_planes, _window, _plane, _sample, _groupChannels) = (planes, window, plane, plane * channels, channels / groups);
        (_taps, _offsets, _alongDepth) = (offsets.Length, offsets, alongDepth);
    }

    public static PatchAccesses OfInputs(MemoryBlock x, in ConvShape s, bool alongDepth)
    {
        var offsets = new (int, int)[s.Taps];
        for (var t = 0; t < offsets.Length; t++)
            offsets[t] = (t / s.KernelWidth * s.DilationHeight - s.PadTop, t % s.KernelWidth * s.DilationWidth - s.PadLeft);
        return new(x, new PlaneWindow(s.InHeight, s.InWidth, s.OutHeight, s.OutWidth, s.StrideHeight, s.StrideWidth), s.InPlane, s.InChannels,
            s.Groups, offsets, alongDepth);
    }

    public static PatchAccesses OfGradients(MemoryBlock dy, in ConvShape s, in Phase phase)
    {
        var offsets = new (int, int)[phase.Taps];
        for (var t = 0; t < offsets.Length; t++) offsets[t] = phase.Offset(t);
        return new(dy, new PlaneWindow(s.OutHeight, s.OutWidth, phase.Height, phase.Width, 1, 1), s.OutPlane, s.OutChannels, s.Groups, offsets,
            alongDepth: false);
    }

    public override bool IsAlong => _alongDepth;

    public override void Read(AccessStream s, int group, int lane, int lanes, int depthStart, int depth, MemoryBlock staging)
    {
        var (line, lines, start, count) = _alongDepth ? (lane, lanes, depthStart, depth) : (depthStart, depth, lane, lanes);
        for (var l = line; l < line + lines; l++)
        {
            var (y, x) = _offsets[l % _taps];
            var channel = _planes.From((group * _groupChannels + l / _taps) * _plane);
            var (sample, position) = Math.DivRem(start, _window.GridPlane);
            for (var done = 0; done < count; sample++, position = 0)
            {
                var length = Math.Min(count - done, _window.GridPlane - position);
                _window.Accesses(s, channel.From(sample * _sample), y, x, position, length);
                done += length;
            }
        }
        s.Write(staging, 0, count);
    }
}
