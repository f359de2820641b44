using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace EdgeDropBack.Kernels;

/// <summary>
/// A fixed set of threads that run the parts of one <see cref="Job"/> at a time. Part 0 runs on the caller.
/// Idle threads spin shortly and then sleep. Not reentrant: a job must not run another job on the same workers.
/// </summary>
public sealed unsafe class Workers : IDisposable
{
    const int Spins = 400;
    const int SpinLength = 10;
    const nuint Alignment = 64;
    const int StackBytes = 512 * 1024;

    readonly Thread[] _threads;
    readonly AutoResetEvent[] _wake;
    readonly AutoResetEvent _finished = new(false);
    readonly int[] _asleep;
    readonly void*[] _scratch;
    readonly nuint[] _scratchBytes;
    readonly int _spins;
    Job? _job;
    Exception? _error;
    int _generation;
    int _pending;
    int _callerAsleep;
    bool _stopping;

    /// <param name="count">Parts per job, the caller included; at least 1.</param>
    public Workers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _spins = count <= Environment.ProcessorCount ? Spins : 0;
        _scratch = new void*[count];
        _scratchBytes = new nuint[count];
        _asleep = new int[count];
        _wake = new AutoResetEvent[count];
        _threads = new Thread[count - 1];
        for (var part = 1; part < count; part++)
        {
            var own = part;
            _wake[part] = new AutoResetEvent(false);
            _threads[part - 1] = new Thread(() => Serve(own), StackBytes) { IsBackground = true, Name = $"kernel {part}" };
            _threads[part - 1].Start();
        }
    }

    /// <summary>Parts per job.</summary>
    public int Count { get; }

    /// <summary>Bytes of native packing scratch that the parts own now.</summary>
    public long ScratchBytes
    {
        get
        {
            var sum = 0L;
            foreach (var bytes in _scratchBytes)
                sum += (long)bytes;
            return sum;
        }
    }

    /// <summary>Runs every part of the job and returns when all have ended; an exception of any part is rethrown here.</summary>
    public void Run(Job job)
    {
        if (Count == 1)
        {
            job.Run(0, 1);
            return;
        }
        _job = job;
        _pending = Count - 1;
        Interlocked.Increment(ref _generation);
        Wake();
        Execute(job, 0);
        AwaitOthers();
        _job = null;
        if (Interlocked.Exchange(ref _error, null) is { } error)
            ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>The part's own 64-byte aligned scratch, at least this many floats; contents are undefined. Grows, never shrinks.</summary>
    internal float* Scratch(int part, nint floats)
    {
        var bytes = (nuint)floats * sizeof(float);
        if (_scratchBytes[part] < bytes)
        {
            NativeMemory.AlignedFree(_scratch[part]);
            _scratchBytes[part] = 0;
            _scratch[part] = NativeMemory.AlignedAlloc(bytes, Alignment);
            _scratchBytes[part] = bytes;
        }
        return (float*)_scratch[part];
    }

    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        Interlocked.Increment(ref _generation);
        Wake();
        foreach (var thread in _threads)
            thread.Join();
        for (var part = 0; part < Count; part++)
        {
            NativeMemory.AlignedFree(_scratch[part]);
            _scratch[part] = null;
            _scratchBytes[part] = 0;
            _wake[part]?.Dispose();
        }
        _finished.Dispose();
    }

    void Wake()
    {
        for (var part = 1; part < Count; part++)
            if (Interlocked.Exchange(ref _asleep[part], 0) == 1)
                _wake[part].Set();
    }

    void Execute(Job job, int part)
    {
        try
        {
            job.Run(part, Count);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, error, null);
        }
    }

    void AwaitOthers()
    {
        for (var spin = 0; spin < _spins; spin++)
        {
            if (Volatile.Read(ref _pending) == 0)
                return;
            Thread.SpinWait(SpinLength);
        }
        // A worker late with its signal for the last job may wake the caller early: only the count decides.
        while (Volatile.Read(ref _pending) != 0)
        {
            Interlocked.Exchange(ref _callerAsleep, 1);
            if (Volatile.Read(ref _pending) != 0)
                _finished.WaitOne();
        }
    }

    void Serve(int part)
    {
        var seen = 0;
        while (true)
        {
            AwaitGeneration(part, seen);
            seen++;
            if (_stopping)
                return;
            Execute(_job!, part);
            if (Interlocked.Decrement(ref _pending) == 0 && Interlocked.Exchange(ref _callerAsleep, 0) == 1)
                _finished.Set();
        }
    }

    void AwaitGeneration(int part, int seen)
    {
        for (var spin = 0; spin < _spins; spin++)
        {
            if (Volatile.Read(ref _generation) != seen)
                return;
            Thread.SpinWait(SpinLength);
        }
        // A worker that saw the generation while spinning may be done and asleep before its wake-up call comes: only the generation decides.
        while (Volatile.Read(ref _generation) == seen)
        {
            Interlocked.Exchange(ref _asleep[part], 1);
            if (Volatile.Read(ref _generation) == seen)
                _wake[part].WaitOne();
        }
    }
}
