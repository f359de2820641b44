using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Files;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>Records labelled windows from a sensor that sends lines of numbers.</summary>
sealed class RecordVerb
{
    const int LookMilliseconds = 100, MaxWindow = 1 << 20;
    const long Micro = 1_000_000, SaveEvery = 30 * Micro;

    readonly Terminal _terminal;
    readonly LinkSettings _link = new();
    readonly Setting<string> _label = new("--label", "L", null, "The class that is recorded", Values.Text);
    readonly Setting<string> _output = new("-o", "FILE", "samples.npz", "Added to when it is there; class names stand beside it", Values.Text);
    readonly Setting<string> _window = new("--window", "N|Ts", "2s", "Lines of a window, or seconds; by default as the file has it", Values.Text);
    readonly Setting<int?> _stride = new("--stride", "N", null, "Lines between the starts of windows; default: no overlap", text => Values.Int("--stride", 1)(text));
    readonly Setting<float?> _rate = new("--rate", "HZ", null, "Lines a second; default: detected in the first second", text => Values.Float("--rate", 0.01f)(text));
    readonly Setting<float?> _seconds = new("--seconds", "S", null, "How long; default: until Ctrl-C", text => Values.Float("--seconds", 0.1f)(text));
    readonly Setting<float> _timeout = new("--timeout", "S", "5", "Seconds without a line until it gives up", Values.Float("--timeout", 0.1f));

    RecordVerb(Terminal terminal) => _terminal = terminal;

    public static Verb Create(Terminal terminal)
    {
        var record = new RecordVerb(terminal);
        var verb = new Verb("record", "Records labelled windows from a sensor that sends lines of numbers (0.12,-0.98,9.81) at a fixed rate.",
            "record --port /dev/ttyACM0 --label walking", "record --port /dev/ttyACM0 --label idle --seconds 60 --window 1.5s -o motion.npz");
        return verb.Takes([.. record._link.Port, record._label, record._output, record._window, record._stride, record._rate, record._seconds,
            record._timeout]).Does(parse => record.Run(verb, parse));
    }

    int Run(Verb verb, ParseResult parse)
    {
        using var interrupt = new Interrupt();
        var label = _label.In(parse) is { Length: > 0 } name && name == Terminal.OneLine(name).Trim() ? name
            : throw EdbException.Usage("--label is missing or has blanks around it; name the class that is recorded, such as --label walking");
        new FileRoles().Writes("-o", _output.In(parse)).Writes("the labels of -o", RecordingFile.LabelsOf(_output.In(parse)!)).Check();
        var file = new RecordingFile(_output.In(parse)!, label);
        var window = Window(parse, file);
        var recorder = new SensorRecorder(window, lines => _stride.In(parse) ?? lines, _rate.In(parse), _terminal.Log);
        var before = file.Windows;
        EdbException? lost = null, notSaved = null;
        using (var line = _link.Open(parse))
        using (var preview = verb.IsJson(parse) || !_terminal.IsErrorTerminal ? null : new SensorPreview(_terminal, label))
        {
            try
            {
                Listen(parse, line, recorder, preview, () => SaveOrGoOn(file, recorder), interrupt.Token);
            }
            catch (IOException e)
            {
                lost = EdbException.Failed(e.Message, e);
            }
            catch (EdbException e)
            {
                lost = e;
            }
            Collect(file, recorder);
            try
            {
                file.Save();
            }
            catch (EdbException e)
            {
                notSaved = e;
            }
        }
        var windows = notSaved is null ? file.Windows - before : 0;
        if (lost is not null && notSaved is null && windows == 0) throw lost;
        var result = new RecordJson(_output.In(parse)!, file.LabelsPath, label, recorder.Axes, recorder.Rate, recorder.WindowLines, windows, file.Windows,
            recorder.Lines, recorder.Skipped, recorder.DropOuts, recorder.Missing);
        if (verb.IsJson(parse)) _terminal.WriteJson(result, RecordJson.Fields);
        else _terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Data}: {windows} windows of {result.WindowLines} x {result.Axes} for '{label}' at {result.Rate:0.###} Hz, "
            + $"{file.Windows} in all; {result.DropOuts} drop-outs ({result.Missing} lines), {result.Skipped} lines skipped"));
        if (notSaved is not null) throw notSaved;
        if (lost is not null) throw new EdbException(lost.ExitCode, $"{lost.Message}; {windows} windows were saved");
        return interrupt.Token.IsCancellationRequested ? CommandLine.Interrupted : 0;
    }

    void Listen(ParseResult parse, SerialLine line, SensorRecorder recorder, SensorPreview? preview, Action save, CancellationToken cancel)
    {
        var (lines, bytes, timeout) = (new SensorLines(), new byte[4096], (long)(_timeout.In(parse) * Micro));
        var end = _seconds.In(parse) is { } seconds ? Now + (long)(seconds * Micro) : long.MaxValue;
        var (heard, heardAt, savedAt, first) = (0L, Now, Now, Array.Empty<byte>());
        while (!cancel.IsCancellationRequested && Now < end)
        {
            var count = line.ReadWithin(bytes, LookMilliseconds);
            var now = Now;
            if (heard == 0 && count > 0) first = bytes[..Math.Min(count, 64)];
            heard += count;
            ReadOnlySpan<byte> input = bytes.AsSpan(0, count);
            while (lines.Next(ref input, out var text))
            {
                var before = recorder.Skipped;
                recorder.Add(text, now);
                if (recorder.Skipped == before) heardAt = now;
            }
            preview?.Show(recorder);
            if (now - heardAt > timeout) throw EdbException.Refused($"no line of numbers within {_timeout.In(parse)} s: {LinkErrors.Heard(heard, first)}");
            if (now - savedAt < SaveEvery) continue;
            save();
            savedAt = now;
        }
    }

    /// <summary>What cannot be written now may be so later: the disk has room again, or the folder is back.</summary>
    void SaveOrGoOn(RecordingFile file, SensorRecorder recorder)
    {
        Collect(file, recorder);
        try
        {
            file.Save();
        }
        catch (EdbException e)
        {
            _terminal.Log($"{e.Message}; the recording goes on");
        }
    }

    static void Collect(RecordingFile file, SensorRecorder recorder)
    {
        if (recorder.Windows.Count > 0 && file.Shape is { } shape && shape != (recorder.WindowLines, recorder.Axes))
            throw EdbException.Refused($"the file has windows of {shape.Lines} x {shape.Axes}, the sensor gives {recorder.WindowLines} x {recorder.Axes}; give another -o");
        file.Add(recorder.Windows, recorder.WindowLines, recorder.Axes);
        recorder.Windows.Clear();
    }

    Func<double, int> Window(ParseResult parse, RecordingFile file)
    {
        if (!_window.IsGiven(parse) && file.Shape is { } shape) return _ => shape.Lines;
        var text = _window.In(parse)!;
        if (!text.EndsWith('s')) return Fixed(Values.Int("--window", 1)(text));
        var seconds = Values.Float("--window", 0.001f)(text[..^1]);
        return rate => (int)Math.Clamp(Math.Round(rate * seconds), 1, MaxWindow);

        static Func<double, int> Fixed(int lines) => lines <= MaxWindow ? _ => lines : throw EdbException.Usage($"--window {lines} is above {MaxWindow} lines");
    }

    static long Now => Stopwatch.GetTimestamp() * Micro / Stopwatch.Frequency;
}
