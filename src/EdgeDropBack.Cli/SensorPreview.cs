using System.Globalization;
using EdgeDropBack.DeviceLink;

namespace EdgeDropBack.Cli;

/// <summary>What a sensor sends, on one line of a terminal, drawn again in place: counts, the last values, and the first axis as it went.</summary>
sealed class SensorPreview(Terminal terminal, string label) : IDisposable
{
    const int Columns = 24, ShownAxes = 6;
    const string EraseLine = "\r\e[K", Levels = "▁▂▃▄▅▆▇█";

    readonly Queue<float> _past = new();

    public void Show(SensorRecorder recorder)
    {
        var text = $"{label}: listening";
        if (recorder.Axes > 0)
        {
            _past.Enqueue(recorder.Last[0]);
            if (_past.Count > Columns) _past.Dequeue();
            var (low, high) = (_past.Min(), _past.Max());
            var picture = string.Concat(_past.Select(value => Levels[high > low ? (int)((value - low) / (high - low) * (Levels.Length - 1)) : 0]));
            var values = string.Join(' ', recorder.Last[..Math.Min(recorder.Axes, ShownAxes)].ToArray().Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)));
            text = string.Create(CultureInfo.InvariantCulture, $"{label}: {recorder.Axes} axes, {recorder.Rate:0.###} Hz, {recorder.Lines} lines, {recorder.DropOuts} drop-outs  {picture}  {values}");
        }
        terminal.Error.Write(EraseLine + (text.Length < terminal.Width ? text : text[..(terminal.Width - 1)]));
        terminal.Error.Flush();
    }

    public void Dispose()
    {
        terminal.Error.Write(EraseLine);
        terminal.Error.Flush();
    }
}
