using EdgeDropBack.Kernels;
using EdgeDropBack.Planning;

namespace EdgeDropBack.Tests.Library;

/// <summary>Overwrites every part of an arena that the plan says nobody needs any more, after every node.</summary>
sealed class Poisoner(AlignedBuffer arena, float garbage, bool enabled)
{
    readonly bool[] _live = new bool[arena.Length];

    public Func<TrainingPlan>? Plan { get; set; }

    public void Everything()
    {
        if (enabled) arena.Slice(0, (int)arena.Length).Fill(garbage);
    }

    /// <param name="time">As <see cref="PlannedBuffer.From"/> counts; what is needed later and was begun stays.</param>
    public void After(int time)
    {
        if (!enabled) return;
        Array.Clear(_live);
        foreach (var buffer in Plan!().Buffers)
            if (buffer.IsUsed && buffer.From <= time && buffer.To > time) _live.AsSpan((int)buffer.Offset, buffer.Floats).Fill(true);
        var floats = arena.Slice(0, (int)arena.Length);
        for (var i = 0; i < floats.Length; i++) if (!_live[i]) floats[i] = garbage;
    }

    public int LossTime => Plan!().GradientBuffers[Plan!().LossInput!.Id]!.From;
}
