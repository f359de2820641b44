using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EdgeDropBack.Cli;

/// <summary>A verb of the command line: every one has --json, --verbose and a help with examples.</summary>
sealed class Verb : Command
{
    readonly Option<bool> _json = new("--json") { Description = "One JSON object on standard output, nothing else" };

    public Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        Options.Add(_json);
        Options.Add(new Option<bool>("--verbose") { Description = "More on standard error, and stack traces of failures" });
        Options.Add(new HelpOption { Action = new Help(this) });
    }

    /// <summary>Command lines without the leading "edb".</summary>
    public IReadOnlyList<string> Examples { get; }

    public Verb Takes(params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) Arguments.Add(Checked(argument));
            else if (symbol is Option option) Options.Insert(Options.Count - 3, option);
            else if (symbol is Command command) Subcommands.Add(command);
        }
        return this;
    }

    /// <param name="needsSsl">Whether the verb hashes files, for which the runtime needs libssl.</param>
    public Verb Does(Func<ParseResult, int> action, bool needsSsl = true)
    {
        SetAction(parse =>
        {
            if (needsSsl) SystemLibraries.Require();
            return action(parse);
        });
        return this;
    }

    /// <summary>The parser would take a mistyped option for an argument.</summary>
    Argument Checked(Argument argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.StartsWith("--", StringComparison.Ordinal)) result.AddError(CommandLine.UnknownOption(this, token.Value));
        });
        return argument;
    }

    public bool IsJson(ParseResult parse) => parse.GetValue(_json);

    sealed class Help(Verb verb) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parse)
        {
            var code = new HelpAction().Invoke(parse);
            var output = parse.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in verb.Examples) output.WriteLine($"  edb {example}");
            return code;
        }
    }
}
