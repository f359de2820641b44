using System.Text.Json;
using EdgeDropBack.Json;
using Spectre.Console;

namespace EdgeDropBack.Cli;

/// <summary>Where a command writes: results to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
sealed class Terminal
{
    const int RedirectedWidth = 110;

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>A person looks at standard output: borders and colours.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>A person looks at standard error: a progress bar.</summary>
    public bool IsErrorTerminal { get; init; }

    public bool IsVerbose { get; set; }

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        IsOutTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
    };

    public void Log(string message) => Error.WriteLine(OneLine(message));

    /// <param name="fields">Writes what stands between the braces.</param>
    public void WriteJson<T>(T value, Action<Utf8JsonWriter, T> fields) where T : class
        => Out.WriteLine(JsonFields.Text(value, fields, indented: false));

    /// <summary>Tables on standard output: plain and of a fixed width when it is no terminal.</summary>
    public IAnsiConsole Tables() => Create(Out, IsOutTerminal);

    /// <summary>The progress bar's console.</summary>
    public IAnsiConsole ErrorConsole() => Create(Error, IsErrorTerminal);

    /// <summary>Text that cannot break a line or steer a terminal.</summary>
    public static string OneLine(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
    });

    static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (!isTerminal) console.Profile.Width = RedirectedWidth;
        return console;
    }
}
