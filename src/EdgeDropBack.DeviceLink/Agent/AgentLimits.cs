namespace EdgeDropBack.DeviceLink;

/// <summary>What hosts may fill an agent's folder with.</summary>
sealed record AgentLimits
{
    /// <summary>Bytes of one file.</summary>
    public long FileBytes { get; init; } = 256L << 20;

    /// <summary>Files in the folder.</summary>
    public int Files { get; init; } = 256;

    /// <summary>Bytes of all files.</summary>
    public long FolderBytes { get; init; } = 1L << 30;
}
