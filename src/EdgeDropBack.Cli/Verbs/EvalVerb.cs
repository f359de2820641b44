using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Accuracy and loss of a model, or of what was learned; changes nothing.</summary>
static class EvalVerb
{
    const int LookMilliseconds = 500;

    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string?>("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "ONNX file; without it the shipped model on the shipped user's test samples",
        };
        var settings = new EvalSettings();
        var watch = new Option<bool>("--watch") { Description = "Again for every new generation of --store, until Ctrl-C; with --json an object a line" };
        var verb = new Verb("eval", "Accuracy, loss, and a confusion table on request; changes nothing.",
            "eval", "eval model.onnx --data test.npz", "eval model.onnx --store model.edb --data test.npz --confusion",
            "eval model.onnx --store model.edb --data test.npz --watch");
        return verb.Takes([model, .. settings.All, watch]).Does(parse =>
        {
            if (!parse.GetValue(watch)) Show();
            else Watch(terminal, settings.Store(parse) ?? throw EdbException.Usage("--watch is for the generations of a store; give --store"), Show);
            return 0;

            void Show()
            {
                var result = settings.Run(parse, parse.GetValue(model), path => path, terminal.Log);
                if (verb.IsJson(parse)) terminal.WriteJson(result, EvaluationJson.Fields);
                else EvaluationText.Write(terminal, result);
            }
        });
    }

    static void Watch(Terminal terminal, string store, Action show)
    {
        using var interrupt = new Interrupt();
        for (var seen = default((DateTime, long)); !interrupt.Token.IsCancellationRequested; interrupt.Token.WaitHandle.WaitOne(LookMilliseconds))
        {
            var file = new FileInfo(store);
            var present = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (present == seen) continue;
            seen = present;
            try
            {
                if (file.Exists) show();
            }
            catch (EdbException e) when (e.ExitCode == 3)
            {
                terminal.Log(e.Message);
            }
        }
    }
}
