using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Data;
using EdgeDropBack.Store;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>A store and its generations: look at them, check them, compare them, go back.</summary>
static class StoreVerb
{
    public static Verb Create(Terminal terminal)
    {
        var path = Path();
        var verb = new Verb("store", "What a store holds; list, verify and compare its generations, and go back to an earlier one.",
            "store fashion.edb", "store list fashion.edb", "store verify fashion.edb", "store diff fashion.edb.1 fashion.edb",
                "store rollback fashion.edb", "store pin fashion.edb");
        return verb.Takes(path, List(terminal), Verify(terminal), Diff(terminal), Rollback(terminal), Pin(terminal)).Does(parse =>
        {
            var file = StoreFile.Find(parse.GetValue(path));
            var generations = new Generations(file);
            if (!generations.Files.Any(File.Exists) && NearestNames.DidYouMean(file, verb.Subcommands.Select(c => c.Name)) is { Length: > 0 } meant)
                throw EdbException.Usage($"there is no store '{file}'{meant}; see 'edb store --help'");
            var opened = generations.Open();
            if (opened.Notice is { } notice) terminal.Log(notice);
            var generation = opened.Generation;
            var result = StoreJson.Of(generation.Path, generation.SidecarPath, opened.Store, StoreFile.Sha256(generation.Path));
            if (verb.IsJson(parse)) terminal.WriteJson(result, StoreJson.Fields);
            else StoreText.Write(terminal, result);
            return 0;
        });
    }

    static Verb List(Terminal terminal)
    {
        var path = Path();
        var verb = new Verb("list", "The generations of a store, newest first.", "store list fashion.edb");
        return verb.Takes(path).Does(parse => Show(terminal, verb, parse, StoreFile.Find(parse.GetValue(path)), isCheck: false));
    }

    static Verb Verify(Terminal terminal)
    {
        var path = Path();
        var verb = new Verb("verify", "Reads every generation of a store in full; exit code 3 when one is damaged.",
            "store verify fashion.edb");
        return verb.Takes(path).Does(parse => Show(terminal, verb, parse, StoreFile.Find(parse.GetValue(path)), isCheck: true));
    }

    static Verb Diff(Terminal terminal)
    {
        var a = new Argument<string>("A") { Description = "A store" };
        var b = new Argument<string>("B") { Description = "Another store of the same model" };
        var verb = new Verb("diff", "How the tracked weights of two stores differ, tensor by tensor.",
            "store diff fashion.edb.1 fashion.edb");
        return verb.Takes(a, b).Does(parse =>
        {
            var (first, second) = (parse.GetValue(a)!, parse.GetValue(b)!);
            var tensors = StoreDiff.Compare(SparseStore.Open(first), SparseStore.Open(second));
            var result = new StoreDiffJson(first, second, tensors.All(t => t is { OnlyInA: 0, OnlyInB: 0, Changed: 0 }), tensors);
            if (verb.IsJson(parse)) terminal.WriteJson(result, StoreDiffJson.Fields);
            else StoreText.Write(terminal, result);
            return 0;
        });
    }

    static Verb Rollback(Terminal terminal)
    {
        var path = Path();
        var to = new Setting<int>("--to", "N|pinned", "1", "Generation to go back to, as 'edb store list' numbers it",
            text => text == "pinned" ? Generations.PinnedNumber : Values.Int("--to", 1)(text));
        var verb = new Verb("rollback", "Makes an earlier generation the current one; the present one becomes generation 1.",
            "store rollback fashion.edb", "store rollback fashion.edb --to 2", "store rollback fashion.edb --to pinned");
        return verb.Takes(path, to).Does(parse =>
        {
            var store = StoreFile.Find(parse.GetValue(path));
            using (StoreLock.Acquire(store)) new Generations(store).Rollback(to.In(parse));
            return Show(terminal, verb, parse, store, isCheck: false);
        });
    }

    static Verb Pin(Terminal terminal)
    {
        var path = Path();
        var generation = new Setting<int>("--generation", "N", "0", "Which, as 'edb store list' numbers it", Values.Int("--generation", 0));
        var off = new Option<bool>("--off") { Description = "Let the pinned generation go" };
        var verb = new Verb("pin", "Keeps a copy of a generation that no later one pushes out; there is one pin.",
            "store pin fashion.edb", "store pin fashion.edb --generation 2", "store pin fashion.edb --off");
        return verb.Takes(path, generation, off).Does(parse =>
        {
            var store = StoreFile.Find(parse.GetValue(path));
            using (StoreLock.Acquire(store))
            {
                var generations = new Generations(store);
                if (parse.GetValue(off)) generations.Unpin();
                else generations.Pin(generation.In(parse));
            }
            return Show(terminal, verb, parse, store, isCheck: false);
        });
    }

    static int Show(Terminal terminal, Verb verb, ParseResult parse, string path, bool isCheck)
    {
        var result = StoreFile.List(path, new Generations(path).Verify());
        if (result.Generations.Count == 0)
            throw EdbException.Refused($"there is no store '{path}'; check the path, or make one with 'edb personalize'");
        if (verb.IsJson(parse)) terminal.WriteJson(result, StoreListJson.Fields);
        else StoreText.Write(terminal, result);
        foreach (var generation in result.Generations)
            if (generation.Error is { } error) terminal.Log(error);
        return isCheck && result.Generations.Any(g => g.Error is not null) ? 3 : 0;
    }

    static Argument<string?> Path() => new("STORE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Store file; default: the only .edb in the current folder",
    };
}
