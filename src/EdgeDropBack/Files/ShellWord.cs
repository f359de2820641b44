namespace EdgeDropBack.Files;

/// <summary>Words of commands that are printed to be pasted into a shell.</summary>
static class ShellWord
{
    const string Plain = "/.-_,:=%+";

    /// <summary>A word as a POSIX shell takes it: as it is, or in single quotes.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
