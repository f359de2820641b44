namespace EdgeDropBack.Native;

/// <summary>Runs the work of an exported function: every failure becomes a code and a text, none leaves the library.</summary>
static class Call
{
    const int Done = 0, Failed = 1, Interrupted = 130;

    /// <param name="work">Does not capture anything, so that a training step allocates nothing.</param>
    public static int Run<TArguments>(TArguments arguments, Action<TArguments> work)
    {
        try
        {
            LastError.Set(null);
            work(arguments);
            return Done;
        }
        catch (EdbException e)
        {
            LastError.Set(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException)
        {
            LastError.Set("interrupted; a checkpoint was saved: go on with --resume");
            return Interrupted;
        }
        catch (Exception e)
        {
            LastError.Set(EdbException.Failed($"{e.GetType().Name}: {e.Message}").Message);
            return Failed;
        }
    }
}
