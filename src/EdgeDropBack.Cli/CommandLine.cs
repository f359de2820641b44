using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using EdgeDropBack.Cli.Verbs;
using EdgeDropBack.Data;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Cli;

/// <summary>Finds the verb, runs it, and turns every failure into one line and an exit code.</summary>
static class CommandLine
{
    public const int WrongUsage = 2, Interrupted = 130;

    /// <summary>Only the verb asked for is made, so that `edb info` starts as fast as the process does.</summary>
    static readonly (string Name, string Purpose, Func<Terminal, Verb> Create)[] s_verbs =
    [
        ("inspect", "operators, shapes, parameters, and a verdict per node", InspectVerb.Create),
        ("plan", "memory, traffic, time and energy of a step on a device, before any training", PlanVerb.Create),
        ("personalize", "the main job: fine-tune a model for its user, keep the weights that change most", PersonalizeVerb.Create),
        ("new", "a network whose weights are computed from a seed", NewVerb.Create),
        ("train", "the same trainer from scratch: the weights that are not kept stay as the seed gives them", TrainVerb.Create),
        ("compare", "the same data through dropback, dense, last-layer and bias training", CompareVerb.Create),
        ("eval", "accuracy and loss of a model, or of what was learned", EvalVerb.Create),
        ("run", "forward only: arrays in, arrays out, by name", RunVerb.Create),
        ("export", "a plain ONNX file with the user's weights", ExportVerb.Create),
        ("report", "tables and pictures from a saved traffic report", ReportVerb.Create),
        ("gradients", "dense gradients of every parameter, to check against other frameworks", GradientsVerb.Create),
        ("store", "look at a store, list, verify, compare, go back", StoreVerb.Create),
        ("verify", "our forward pass against ONNX Runtime, node by node on demand", VerifyVerb.Create),
        ("agent", "serve on the board: a host trains it over a serial line", AgentVerb.Create),
        ("device", "drive a board over a serial line: push, train, watch, pull", DeviceVerb.Create),
        ("record", "labelled windows from a serial sensor, as data to train on", RecordVerb.Create),
        ("bench", "step time on random data, median and p95, per layer", BenchVerb.Create),
        ("info", "version, instruction sets, kernels, caches, board", InfoVerb.Create),
        ("selftest", "proof that this board computes right", SelftestVerb.Create),
    ];

    public static string Version { get; } = typeof(CommandLine).Assembly.GetName().Version!.ToString(3);

    public static IEnumerable<string> VerbNames => s_verbs.Select(v => v.Name);

    /// <returns>0 done, 1 failed, 2 wrong usage, 3 refused input, 130 interrupted after saving.</returns>
    public static int Run(string[] args, Terminal terminal)
    {
        terminal.IsVerbose = args.Contains("--verbose");
        try
        {
            return Dispatch(args, terminal);
        }
        catch (EdbException e)
        {
            return Fail(terminal, e.Message, e, e.ExitCode);
        }
        catch (Exception e)
        {
            return Fail(terminal, $"{e.GetType().Name}: {e.Message} (run again with --verbose)", e, 1);
        }
    }

    static int Dispatch(string[] args, Terminal terminal)
    {
        switch (args.FirstOrDefault())
        {
            case null:
                WriteHelp(terminal.Error);
                return WrongUsage;
            case "--help" or "-h" or "-?" or "help":
                WriteHelp(terminal.Out);
                return 0;
            case "--version":
                terminal.Out.WriteLine($"edb {Version}");
                return 0;
        }
        var create = Array.Find(s_verbs, v => v.Name == args[0]).Create
            ?? throw EdbException.Usage($"there is no verb '{args[0]}'{NearestNames.DidYouMean(args[0], VerbNames)}; see 'edb --help'");
        RequireKernels();
        OnnxRuntimeFeature.Use();
        var root = new Command("edb") { create(terminal) };
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0 && parse.Action is ParseErrorAction)
            throw EdbException.Usage($"{Problem(parse)}; see 'edb {args[0]} --help'");
        return parse.Invoke(new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>What the parser could not take, with what was probably meant.</summary>
    public static string Problem(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        if (parse.UnmatchedTokens is not [var token, ..])
            return parse.Errors[0].SymbolResult is OptionResult { Tokens.Count: 0, IdentifierToken: { } option } ? $"{option.Value} needs a value" : parse.Errors[0].Message.TrimEnd('.');
        if (token.StartsWith('-')) return UnknownOption(command, token);
        if (command.Subcommands.Count > 0 && command.Arguments.Count > 0 && parse.GetResult(command.Arguments[0])?.Tokens is [var first, ..]) token = first.Value;
        return command.Subcommands.Count > 0
            ? $"'{command.Name}' does not do '{token}'{NearestNames.DidYouMean(token, command.Subcommands.Select(c => c.Name))}"
            : $"'{token}' is an argument more than '{command.Name}' takes{(command.Options.Any(o => o.Name == "--data") ? "; samples are given with --data" : "")}";
    }

    public static string UnknownOption(Command command, string token)
    {
        var name = token.Split('=')[0];
        return $"there is no option '{name}'{NearestNames.DidYouMean(name, command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)))}";
    }

    static void RequireKernels()
    {
        try
        {
            _ = KernelTable.Active;
        }
        catch (ArgumentException e)
        {
            throw EdbException.Usage(e.Message);
        }
    }

    static int Fail(Terminal terminal, string message, Exception e, int code)
    {
        terminal.Error.WriteLine($"edb: {Terminal.OneLine(message)}");
        if (terminal.IsVerbose) terminal.Error.WriteLine(e);
        return code;
    }

    static void WriteHelp(TextWriter output)
    {
        output.WriteLine($"edb {Version}: fine-tunes ONNX models on the device that uses them, keeping only the weights that change most.");
        output.WriteLine();
        output.WriteLine("Usage: edb VERB [options]");
        output.WriteLine();
        foreach (var (name, purpose, _) in s_verbs) output.WriteLine($"  {name,-12}{purpose}");
        output.WriteLine();
        output.WriteLine("'edb VERB --help' shows options and examples. Every verb takes --json and --verbose.");
        output.WriteLine("'edb --version' tells the version.");
        output.WriteLine("Exit codes: 0 done, 1 failed or not good enough to keep, 2 wrong usage, 3 refused input, "
            + "130 interrupted after saving.");
        output.WriteLine("Start here: edb personalize");
    }
}
