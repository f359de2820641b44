using System.Globalization;
using EdgeDropBack.Training;
using Spectre.Console;

namespace EdgeDropBack.Cli;

/// <summary>Progress on standard error: a bar on a terminal, with --verbose a line now and then, otherwise nothing.</summary>
static class ProgressDisplay
{
    const int LinesAPhase = 10;
    const long RefreshMilliseconds = 100;

    public static T Run<T>(Terminal terminal, bool isQuiet, Func<Action<TrainingProgress>?, Action<string>, T> work)
    {
        if (terminal.IsErrorTerminal && !isQuiet) return WithBar(terminal, work);
        return work(terminal.IsVerbose ? Lines(terminal) : null, terminal.Log);
    }

    static Action<TrainingProgress> Lines(Terminal terminal) => p =>
    {
        if (p.Step % Math.Max(1, p.Steps / LinesAPhase) == 0 || p.Step == p.Steps) terminal.Log(Line(p) + $", step {p.Step} of {p.Steps}");
    };

    static T WithBar<T>(Terminal terminal, Func<Action<TrainingProgress>?, Action<string>, T> work)
    {
        var console = terminal.ErrorConsole();
        return console.Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var task = context.AddTask("reading", autoStart: true);
            var (phase, shown) = ("", 0L);
            return work(p =>
            {
                var now = Environment.TickCount64;
                if (p.Phase == phase && now - shown < RefreshMilliseconds && p.Step < p.Steps) return;
                if (p.Phase != phase)
                {
                    if (phase.Length > 0) task.StopTask();
                    if (phase.Length > 0) task = context.AddTask("");
                }
                (phase, shown) = (p.Phase, now);
                (task.MaxValue, task.Value, task.Description) = (p.Steps, p.Step, Markup.Escape(Line(p)));
            }, message => console.MarkupLineInterpolated($"{Terminal.OneLine(message)}"));
        });
    }

    static string Line(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"{p.Phase}: loss {p.Loss:0.000}, {(p.IsFrozen ? "frozen" : $"churn {p.Churn * 100:0.0}%")}");
}
