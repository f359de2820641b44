namespace EdgeDropBack.Planning;

/// <summary>A stretch of the arena and the time it is needed: from the step that first writes it to the one that last reads it.</summary>
sealed class PlannedBuffer(string name, BufferUse use, int floats)
{
    public string Name { get; } = name;

    public BufferUse Use { get; } = use;

    /// <summary>Length in floats.</summary>
    public int Floats { get; internal set; } = floats;

    /// <summary>Offset in the arena in floats, a multiple of 16 (64 bytes).</summary>
    public long Offset { get; internal set; } = -1;

    /// <summary>First and last step, both inclusive: forwards count 0..n-1, the loss is n, from there on backwards and what they compute again, in order.</summary>
    public int From { get; private set; } = int.MaxValue;

    public int To { get; private set; } = int.MinValue;

    public bool IsUsed => To >= From;

    internal void Touch(int time)
    {
        From = Math.Min(From, time);
        To = Math.Max(To, time);
    }

    internal bool Overlaps(PlannedBuffer other) => From <= other.To && other.From <= To;
}
