using System.Globalization;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>One line on a terminal, drawn again in place and gone when the work is done; messages scroll above it.</summary>
/// <param name="clock">Milliseconds since any moment; how often the line is drawn and the time left hang on it, nothing else.</param>
sealed class ProgressBar(TextWriter terminal, Func<int> columns, Func<long> clock) : IDisposable
{
    const int BarWidth = 24;
    const long RefreshMilliseconds = 100;
    const string EraseLine = "\r\e[K";

    TrainingProgress _shown;
    long _shownAt, _phaseFrom;

    public void Show(TrainingProgress p)
    {
        var now = clock();
        if (p.Phase != _shown.Phase) _phaseFrom = now;
        else if (now - _shownAt < RefreshMilliseconds && p.Step < p.Steps) return;
        (_shown, _shownAt) = (p, now);
        Draw();
    }

    public void Log(string message)
    {
        terminal.WriteLine($"{EraseLine}{Terminal.OneLine(message)}");
        if (_shown.Phase is not null) Draw();
    }

    public void Dispose()
    {
        terminal.Write(EraseLine);
        terminal.Flush();
    }

    void Draw()
    {
        var share = _shown.Steps > 0 ? Math.Clamp((double)_shown.Step / _shown.Steps, 0, 1) : 0;
        var filled = (int)(share * BarWidth);
        var left = share > 0 ? TimeSpan.FromMilliseconds((_shownAt - _phaseFrom) * (1 - share) / share) : TimeSpan.Zero;
        var line = string.Create(CultureInfo.InvariantCulture, $"{new string('━', filled)}{new string('╌', BarWidth - filled)} {share * 100,3:0}% "
            + $"{(share > 0 ? $"{(int)left.TotalMinutes}:{left.Seconds:00} left" : "")}  {Terminal.OneLine(ProgressDisplay.Line(_shown))}");
        var width = Math.Max(1, columns() - 1);
        terminal.Write(EraseLine + (line.Length > width ? line[..width] : line));
        terminal.Flush();
    }
}
