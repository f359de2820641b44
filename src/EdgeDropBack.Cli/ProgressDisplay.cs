using System.Globalization;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli;

/// <summary>Progress on standard error: a bar on a terminal, with --verbose a line now and then, otherwise nothing.</summary>
static class ProgressDisplay
{
    const int LinesAPhase = 10;

    public static T Run<T>(Terminal terminal, bool isQuiet, Func<Action<TrainingProgress>?, Action<string>, T> work)
    {
        if (!terminal.IsErrorTerminal || isQuiet) return work(terminal.IsVerbose ? Lines(terminal) : null, terminal.Log);
        using var bar = new ProgressBar(terminal.Error, () => terminal.Width, static () => Environment.TickCount64);
        return work(bar.Show, bar.Log);
    }

    /// <param name="p">Work that has no loss, such as a transfer, has NaN.</param>
    public static string Line(TrainingProgress p) => double.IsNaN(p.Loss) ? p.Phase : string.Create(CultureInfo.InvariantCulture,
        $"{p.Phase}: loss {p.Loss:0.000}, {(p.IsFrozen ? "frozen" : $"churn {p.Churn * 100:0.0}%")}");

    static Action<TrainingProgress> Lines(Terminal terminal) => p =>
    {
        if (p.Step % Math.Max(1, p.Steps / LinesAPhase) == 0 || p.Step == p.Steps) terminal.Log(Line(p) + $", step {p.Step} of {p.Steps}");
    };
}
