namespace EdgeDropBack.DeviceLink;

/// <summary>Protocol versions that one side speaks.</summary>
readonly record struct LinkVersions(byte Lowest, byte Highest)
{
    public static LinkVersions Here { get; } = new(1, 1);

    /// <summary>The highest that both speak; 0 for none.</summary>
    public byte Common(LinkVersions other)
    {
        var highest = Math.Min(Highest, other.Highest);
        return highest >= Math.Max(Lowest, other.Lowest) ? highest : (byte)0;
    }

    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest} to {Highest}";
}
