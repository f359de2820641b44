using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Json;
using EdgeDropBack.Store;
using EdgeDropBack.Traffic;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>What an agent does with the arguments that a host sends: as the verb of that name would, with every file in the agent's folder.</summary>
sealed class AgentWork : IAgentWork
{
    const string StoreSuffix = ".edb";

    public string Personalize(IReadOnlyList<string> arguments, AgentFolder folder, AgentJob job)
    {
        var (model, settings) = (Model(), new TrainingSettings());
        var parse = Parse("train", arguments, model, settings.All);
        var name = parse.GetValue(model)!;
        var options = settings.Read(parse, name);
        var store = options.Store ?? Path.GetFileNameWithoutExtension(name) + StoreSuffix;
        if (!store.EndsWith(StoreSuffix, StringComparison.Ordinal))
            throw EdbException.Usage($"--store '{store}' does not end with {StoreSuffix}; give such a name");
        folder.RequireRoomForStore(store);
        var result = Personalizer.Run(options with
        {
            Model = folder.Existing(name),
            Data = folder.Existing(options.Data),
            Test = Existing(options.Test),
            Retain = Existing(options.Retain),
            Replay = Existing(options.Replay),
            Labels = Existing(options.Labels),
            From = Existing(options.From),
            Store = folder.At(store),
            Report = options.Report is { } report ? folder.Replaceable(report, TrafficReport.IsAt) : null,
            Picture = options.Picture is { } picture ? folder.Replaceable(picture, ResultPicture.IsAt) : null,
            Cache = options.Cache is { } cache ? folder.At(cache) : null,
            Profile = Path.GetFileName(folder.At(options.Profile)),
            Planned = job.Tell,
            Progress = job.Tell,
            Log = job.Tell,
            Cancel = job.Cancel,
        });
        if (result.Refusal is not null) throw EdbException.Failed($"not kept: {result.Refusal}; train on more data, or change --accept-if");
        return JsonFields.Text(result, ResultJson.Fields, indented: false);

        string? Existing(string? file) => file is null ? null : folder.Existing(file);
    }

    public string Evaluate(IReadOnlyList<string> arguments, AgentFolder folder, Action<string> log)
    {
        var (model, settings) = (Model(), new EvalSettings());
        var parse = Parse("eval", arguments, model, settings.All);
        return JsonFields.Text(settings.Run(parse, parse.GetValue(model)!, folder.Existing, log), EvaluationJson.Fields, indented: false);
    }

    public string Rollback(string store, int generation, AgentFolder folder)
    {
        var path = folder.Existing(store);
        var generations = new Generations(path);
        using (StoreLock.Acquire(path)) generations.Rollback(generation);
        return JsonFields.Text(StoreFile.List(path, generations.Verify()), StoreListJson.Fields, indented: false);
    }

    public string Status(AgentFolder folder, AgentJob? job) => JsonFields.Text(AgentStatusJson.Of(folder, job), AgentStatusJson.Fields, indented: false);

    static Argument<string> Model() => new("MODEL");

    static ParseResult Parse(string name, IReadOnlyList<string> arguments, Argument<string> model, IEnumerable<Option> options)
    {
        var command = new Command(name) { model };
        foreach (var option in options) command.Options.Add(option);
        var parse = command.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parse.Errors.Count == 0 ? parse
            : throw EdbException.Usage($"{CommandLine.Problem(parse)}; see 'edb device {name} --help'");
    }
}
