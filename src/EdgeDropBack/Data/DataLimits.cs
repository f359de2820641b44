namespace EdgeDropBack.Data;

/// <summary>Every cap on what the data readers take in, in one place. What is larger is refused by name before it is allocated.</summary>
static class DataLimits
{
    /// <summary>Samples of one data set held in memory, bytes.</summary>
    public const long MaxDatasetBytes = 1L << 30;

    /// <summary>One array of an .npy, .npz or IDX file, bytes after decompression.</summary>
    public const long MaxArrayBytes = 1L << 30;

    /// <summary>A gzipped CSV after decompression, bytes; also the cap of a plain one.</summary>
    public const long MaxCsvBytes = 4L << 30;

    /// <summary>Deflate cannot expand further (zlib technical details): a header that promises more is wrong.</summary>
    public const long MaxDeflateRatio = 1032;

    public const int MaxNpyHeaderBytes = 1 << 16;
    public const int MaxRank = 32;
    public const int MaxNpzEntries = 4096;
    public const int MaxCsvColumns = 1 << 20;
    public const int MaxCsvRowChars = 1 << 24;

    /// <summary>One image file, bytes.</summary>
    public const long MaxImageFileBytes = 64L << 20;

    /// <summary>One recording, bytes: an hour of 16-bit mono at 16,000 Hz.</summary>
    public const long MaxSoundFileBytes = 115_200_000;

    /// <summary>One image after decoding, pixels; a decoder needs up to some 8 bytes a pixel while it works.</summary>
    public const long MaxImagePixels = 64L << 20;

    /// <summary>Folder levels below a class folder; symbolic links to folders are not followed there.</summary>
    public const int MaxFolderDepth = 4;

    /// <summary>One side of an image file, pixels.</summary>
    public const int MaxImageSide = 32_768;

    /// <summary>One side of what images are stretched to, pixels.</summary>
    public const int MaxTargetSide = 8192;

    public const int MaxFolderFiles = 1_000_000;
    public const int MaxClasses = 65_536;
    public const int MaxLabelsFileBytes = 4 << 20;
    public const int MaxSidecarBytes = 4 << 20;
}
