using System.Text.Json;

namespace EdgeDropBack.Cli.Tests;

/// <summary>Runs a command line in this process, with its outputs captured.</summary>
static class Edb
{
    public static EdbRun Run(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = CommandLine.Run(args, new Terminal { Out = output, Error = error });
        return new(code, output.ToString(), error.ToString());
    }
}

sealed record EdbRun(int Code, string Out, string Error)
{
    /// <summary>Standard output, which must be one JSON object and nothing else.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Out);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            return document.RootElement.Clone();
        }
    }

    /// <summary>The one line on standard error.</summary>
    public string ErrorLine => Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
