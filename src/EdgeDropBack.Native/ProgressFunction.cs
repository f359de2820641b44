using System.Runtime.InteropServices;
using EdgeDropBack.Training;

namespace EdgeDropBack.Native;

/// <summary>The caller's progress function; anything but 0 from it stops the run.</summary>
sealed class ProgressFunction(nint function, nint context)
{
    readonly CancellationTokenSource _stop = new();
    readonly Function? _function = function == 0 ? null : Marshal.GetDelegateForFunctionPointer<Function>(function);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int Function(nint context, [MarshalAs(UnmanagedType.LPUTF8Str)] string phase, int step, int steps, double loss);

    public CancellationToken Token => _stop.Token;

    public void Tell(TrainingProgress progress)
    {
        if (_function?.Invoke(context, progress.Phase, progress.Step, progress.Steps, progress.Loss) is not (null or 0)) _stop.Cancel();
    }
}
