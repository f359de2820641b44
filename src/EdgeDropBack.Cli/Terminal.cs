using System.Text.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Data;
using EdgeDropBack.Json;

namespace EdgeDropBack.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
sealed class Terminal
{
    const int RedirectedWidth = 110;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>A person looks at standard output: borders.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>A person looks at standard error: a progress bar.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Characters to a line where a person looks.</summary>
    public int Width { get; init; } = RedirectedWidth;

    public bool IsVerbose { get; set; }

    public static Terminal OfProcess() => new()
    {
        Out = new StreamWriterGuard(Console.Out, "standard output"),
        Error = new StreamWriterGuard(Console.Error, null),
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Width = Console.IsOutputRedirected && Console.IsErrorRedirected ? RedirectedWidth : WindowWidth(),
    };

    public void Log(string message) => Error.WriteLine(OneLine(message));

    /// <param name="fields">Writes what stands between the braces.</param>
    public void WriteJson<T>(T value, Action<Utf8JsonWriter, T> fields) where T : class
        => Out.WriteLine(JsonFields.Text(value, fields, indented: false));

    /// <summary>Tables on standard output: plain and of a fixed width when it is no terminal.</summary>
    public TableOutput Tables() => new(Out, IsOutTerminal ? Width : RedirectedWidth, IsOutTerminal);

    /// <summary>Text that cannot break a line or steer a terminal.</summary>
    public static string OneLine(string text) => Printable.Line(text);

    /// <summary>A serial console may not know its width and say 0.</summary>
    static int WindowWidth() => Console.WindowWidth is > 0 and var width ? width : RedirectedWidth;
}
