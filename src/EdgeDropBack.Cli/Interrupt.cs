using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and the loss of the terminal (SIGHUP) ask the work to save and end. A second Ctrl-C or SIGTERM ends the process at once;
/// SIGHUP, which a lost connection may send twice, never does. Signals that were ignored from the start, as under nohup, stay so.
/// </summary>
sealed class Interrupt : IDisposable
{
    const string Status = "/proc/self/status", IgnoredSignals = "SigIgn:";

    static readonly (PosixSignal Signal, int Number)[] s_signals =
        [(PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1)];

    /// <summary>One bit a signal, read before the runtime sets handlers of its own for any of them.</summary>
    static readonly ulong s_ignored = Ignored();

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;
    int _requests;

    public Interrupt() => _registrations =
        [.. s_signals.Where(s => (s_ignored >> (s.Number - 1) & 1) == 0).Select(s => PosixSignalRegistration.Create(s.Signal, Cancel))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    void Cancel(PosixSignalContext context)
    {
        if (context.Signal != PosixSignal.SIGHUP && Interlocked.Increment(ref _requests) > 1) return;
        context.Cancel = true;
        _source.Cancel();
    }

    static ulong Ignored()
    {
        if (!File.Exists(Status)) return 0;
        var line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(IgnoredSignals, StringComparison.Ordinal));
        if (line is null) return 0;
        var mask = line.AsSpan(IgnoredSignals.Length).Trim();
        return ulong.TryParse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) ? bits : 0;
    }
}
