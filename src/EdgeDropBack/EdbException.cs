using EdgeDropBack.Data;

namespace EdgeDropBack;

/// <summary>
/// An error that a user can act on: one line that names the thing and the way out, and the exit code that goes with it. Names that come from
/// a file cannot break the line or make it endless: control characters become blanks, and the middle of a long line is left out.
/// </summary>
public sealed class EdbException(int exitCode, string message, Exception? inner = null) : Exception(Printable.Line(message, MaxLength), inner)
{
    /// <summary>Longest message, in characters.</summary>
    public const int MaxLength = 1600;

    /// <summary>1 the work failed, 2 wrong usage, 3 refused input.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Input that cannot be used: a file, a model, a sample, a store.</summary>
    public static EdbException Refused(string message, Exception? inner = null) => new(3, message, inner);

    /// <summary>An option that is wrong or missing.</summary>
    public static EdbException Usage(string message) => new(2, message);

    /// <summary>Work that failed although its input was fine.</summary>
    public static EdbException Failed(string message, Exception? inner = null) => new(1, message, inner);
}
