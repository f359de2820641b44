using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Json;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Drives a board that runs `edb agent`.</summary>
sealed class DeviceVerb
{
    readonly Terminal _terminal;
    readonly LinkSettings _link = new();
    readonly Setting<float> _timeout = new("--timeout", "S", "5", "Seconds to wait for the agent's first answer", Values.Float("--timeout", 0.1f)) { Recursive = true };

    DeviceVerb(Terminal terminal) => _terminal = terminal;

    public static Verb Create(Terminal terminal) => new DeviceVerb(terminal).Create();

    Verb Create()
    {
        var verb = new Verb("device", "Drives a board that runs 'edb agent' at the other end of a serial line.",
            "device --port /dev/ttyUSB0 status",
            "device --port /dev/ttyUSB0 push model.onnx user.npz",
            "device --port /dev/ttyUSB0 train model.onnx --data user.npz --steps 20 --batch 8",
            "device --port /dev/ttyUSB0 pull model.edb");
        return verb.Takes([.. _link.All, _timeout, Status(), Push(), Train(), Watch(), Pull(), Evaluate(), Rollback()])
            .Does(_ => throw EdbException.Usage("say what to do: status, push, train, watch, pull, eval or rollback; see 'edb device --help'"));
    }

    Verb Status()
    {
        var verb = new Verb("status", "Version, files, room, and what it trains.", "device --port /dev/ttyUSB0 status");
        return verb.Does(parse => Run(verb, parse, (client, _) => client.Status(), DeviceText.Status));
    }

    Verb Push()
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "Copied under their own names" };
        var verb = new Verb("push", "Copies files to the board. What was cut off goes on where it was; what is there already is not sent.",
            "device --port /dev/ttyUSB0 push model.onnx user.npz");
        return verb.Takes(files).Does(parse =>
        {
            var paths = parse.GetValue(files)!;
            if (paths.GroupBy(Path.GetFileName).FirstOrDefault(named => named.Distinct().Skip(1).Any()) is { } same)
                throw EdbException.Usage($"'{same.First()}' and '{same.Last()}' would both be '{same.Key}' on the board; push them one at a time, under other names");
            foreach (var path in paths)
                if (!File.Exists(path)) throw EdbException.Refused($"there is no file '{path}' to push; check the path");
            return Run(verb, parse, (client, progress) => Transferred([.. paths.Select(path => Timed(Path.GetFileName(path), progress,
                copied => (new FileInfo(path).Length, client.Push(path, Path.GetFileName(path), copied))))]), DeviceText.Transferred);
        });
    }

    Verb Pull()
    {
        var name = new Argument<string>("NAME") { Description = "A file on the board" };
        var output = new Setting<string>("-o", "FILE", null, "Default: the same name in the current folder", Values.Text);
        var verb = new Verb("pull", "Copies a file from the board; what was cut off goes on where it was.",
            "device --port /dev/ttyUSB0 pull model.edb", "device --port /dev/ttyUSB0 pull model.edb -o monday.edb");
        return verb.Takes(name, output).Does(parse =>
        {
            var file = parse.GetValue(name)!;
            var path = output.In(parse) ?? Path.GetFileName(file);
            _link.Files(parse).Writes("-o", path).Check();
            return Run(verb, parse, (client, progress) => Transferred([Timed(file, progress, copied => client.Pull(file, path, copied))]), DeviceText.Transferred);
        });
    }

    Verb Train()
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file on the board" };
        var settings = new TrainingSettings();
        var verb = new Verb("train", "Personalizes on the board, with files that are there; the options are those of 'edb personalize'. "
            + "It goes on when this command or the line goes; Ctrl-C saves and ends it.",
            "device --port /dev/ttyUSB0 train model.onnx --data user.npz --steps 20 --batch 8");
        return verb.Takes([model, .. settings.All]).Does(parse =>
        {
            settings.Read(parse, parse.GetValue(model));
            return Run(verb, parse, (client, progress) => client.Train(Given(parse, model, settings.All), progress), DeviceText.Trained, stopsTraining: true);
        });
    }

    Verb Watch()
    {
        var verb = new Verb("watch", "Follows the present training, or shows the last one's result. Ctrl-C stops looking.", "device --port /dev/ttyUSB0 watch");
        return verb.Does(parse => Run(verb, parse, (client, progress) => client.Watch(progress), DeviceText.Trained));
    }

    Verb Evaluate()
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file on the board" };
        var settings = new EvalSettings();
        var verb = new Verb("eval", "Evaluates on the board, with files that are there; the options are those of 'edb eval'.",
            "device --port /dev/ttyUSB0 eval model.onnx --store model.edb --data test.npz");
        return verb.Takes([model, .. settings.All]).Does(parse => Run(verb, parse,
            (client, _) => client.Evaluate(Given(parse, model, settings.All)), DeviceText.Evaluated));
    }

    Verb Rollback()
    {
        var store = new Argument<string>("STORE") { Description = "A store on the board" };
        var to = new Setting<int>("--to", "N", "1", "Generation to go back to", Values.Int("--to", 1));
        var verb = new Verb("rollback", "Makes an earlier generation of a store on the board the current one.", "device --port /dev/ttyUSB0 rollback model.edb --to 2");
        return verb.Takes(store, to).Does(parse => Run(verb, parse, (client, _) => client.Rollback(parse.GetValue(store)!, to.In(parse)), DeviceText.RolledBack));
    }

    /// <param name="stopsTraining">Ctrl-C ends the training on the board, not only this command.</param>
    int Run(Verb verb, ParseResult parse, Func<DeviceClient, Action<DeviceProgress>, string> ask, Action<Terminal, JsonElement> show,
        bool stopsTraining = false)
    {
        using var interrupt = new Interrupt();
        var options = _link.Options(parse);
        try
        {
            var answer = ProgressDisplay.Run(_terminal, verb.IsJson(parse), (progress, log) =>
            {
                using var client = new DeviceClient(() => _link.Open(parse), options, TimeSpan.FromSeconds(_timeout.In(parse)), log,
                    stopsTraining ? CancellationToken.None : interrupt.Token);
                using var stop = stopsTraining ? interrupt.Token.Register(client.Stop) : default;
                client.Open();
                return new DeviceJson(ask(client, p => progress?.Invoke(WithTraffic(p))), client.Statistics);
            });
            Show(verb.IsJson(parse), answer, show);
            return ReportNotWritten(answer) ? 1 : 0;
        }
        catch (OperationCanceledException)
        {
            _terminal.Log("stopped; the same command goes on where it was");
            return CommandLine.Interrupted;
        }
    }

    /// <summary>Tells which files a training could not write on the board's disk.</summary>
    bool ReportNotWritten(DeviceJson answer)
    {
        using var result = JsonDocument.Parse(answer.Result);
        if (result.RootElement.ValueKind != JsonValueKind.Object || !result.RootElement.TryGetProperty("notWritten", out var files)) return false;
        foreach (var file in files.EnumerateArray()) _terminal.Log($"edb: {file.GetString()}");
        return files.GetArrayLength() > 0;
    }

    void Show(bool isJson, DeviceJson answer, Action<Terminal, JsonElement> show)
    {
        if (isJson)
        {
            _terminal.WriteJson(answer, DeviceJson.Fields);
            return;
        }
        using var result = JsonDocument.Parse(answer.Result);
        show(_terminal, result.RootElement);
        if (_terminal.IsVerbose || answer.Link.SentAgain + answer.Link.Rejected > 0) _terminal.Log(DeviceText.Line(answer.Link));
    }

    static TrainingProgress WithTraffic(DeviceProgress p) => p.DenseBytes == 0 ? p.Training
        : p.Training with { Phase = $"{p.Training.Phase}, {Figures.Bytes(p.StepBytes)} a step (dense {Figures.Bytes(p.DenseBytes)}), {Figures.Bytes(p.MovedBytes)} so far" };

    static TransferJson Timed(string name, Action<DeviceProgress> progress, Func<Action<long, long>, (long Bytes, long Resumed)> copy)
    {
        var start = Stopwatch.GetTimestamp();
        var (bytes, resumed) = copy((done, all) => progress(new(new(name, (int)(done >> 10), (int)(all >> 10), double.NaN, 0, false), 0, 0, 0)));
        return new(name, bytes, resumed, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    static string Transferred(IReadOnlyList<TransferJson> files) => JsonFields.Text(new TransfersJson(files), TransfersJson.Fields, indented: false);

    /// <summary>What the user gave, as arguments for the agent.</summary>
    static List<string> Given(ParseResult parse, Argument<string> model, IEnumerable<Option> options)
    {
        var arguments = new List<string> { parse.GetValue(model)! };
        foreach (var option in options)
        {
            if (parse.GetResult(option) is not { Implicit: false } result) continue;
            arguments.Add(option.Name);
            foreach (var token in result.Tokens) arguments.Add(token.Value);
        }
        return arguments;
    }
}
