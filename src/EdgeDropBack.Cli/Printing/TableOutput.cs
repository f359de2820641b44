namespace EdgeDropBack.Cli.Printing;

/// <summary>Where tables go.</summary>
/// <param name="Width">Columns of text to a line.</param>
/// <param name="HasBorders">A person looks at it; otherwise columns are parted by blanks only.</param>
sealed record TableOutput(TextWriter Writer, int Width, bool HasBorders);
