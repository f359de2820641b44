using System.Runtime.InteropServices;
using EdgeDropBack.Training;

namespace EdgeDropBack.Native;

/// <summary>A session behind a handle: one call at a time, arrays copied into buffers that are kept.</summary>
sealed class NativeSession(TrainingSession session)
{
    readonly float[] _x = new float[session.Batch * session.SampleLength];
    readonly int[] _labels = new int[session.Batch];
    readonly float[] _outputs = new float[session.Batch * session.Outputs];
    readonly Lock _lock = new();
    bool _isClosed;

    public void Close()
    {
        using var held = Hold();
        _isClosed = true;
        session.Dispose();
    }

    public void WriteSizes(nint batch, nint sampleLength, nint outputs, nint budget)
    {
        using var held = Hold();
        Arguments.Write(batch, session.Batch);
        Arguments.Write(sampleLength, (long)session.SampleLength);
        Arguments.Write(outputs, session.Outputs);
        Arguments.Write(budget, (long)session.BudgetCount);
    }

    public void Step(nint x, long xCount, nint labels, int labelCount, float rate, nint loss)
    {
        using var held = Hold();
        CopyBatch(x, xCount);
        if (labelCount != _labels.Length) throw EdbException.Usage($"label_count is {labelCount}, expected {_labels.Length}");
        Marshal.Copy(Arguments.Required(labels, "labels"), _labels, 0, _labels.Length);
        if (!(rate >= 0 && float.IsFinite(rate))) throw EdbException.Usage("rate is negative or not finite");
        Arguments.Write(loss, session.Step(_x, _labels, rate));
    }

    public void Freeze()
    {
        using var held = Hold();
        session.Freeze();
    }

    public void Evaluate(nint x, long xCount, nint labels, int labelCount, nint accuracy, nint loss)
    {
        using var held = Hold();
        var samples = Arguments.Count(labelCount, "label_count");
        var floats = Arguments.Count(xCount, "x_count");
        if (floats != (long)samples * session.SampleLength)
            throw EdbException.Usage($"x_count is {floats}, expected {(long)samples * session.SampleLength}: {samples} samples of {session.SampleLength}");
        var values = new float[floats];
        var classes = new int[samples];
        Marshal.Copy(Arguments.Required(x, "x"), values, 0, floats);
        Marshal.Copy(Arguments.Required(labels, "labels"), classes, 0, samples);
        var evaluation = session.Evaluate(values, classes);
        Arguments.Write(accuracy, evaluation.Accuracy ?? 0);
        Arguments.Write(loss, evaluation.Loss);
    }

    public void Predict(nint x, long xCount, nint y, long yCount)
    {
        using var held = Hold();
        CopyBatch(x, xCount);
        if (yCount != _outputs.Length) throw EdbException.Usage($"y_count is {yCount}, expected {_outputs.Length}");
        Arguments.Required(y, "y");
        session.Predict(_x, _outputs);
        Marshal.Copy(_outputs, 0, y, _outputs.Length);
    }

    public void ReadTracked(nint parameters, nint indices, nint values, nint count)
    {
        using var held = Hold();
        var room = Marshal.ReadInt64(Arguments.Required(count, "count"));
        var tracked = session.TrackedCount;
        Marshal.WriteInt64(count, tracked);
        if (room == 0 && parameters == 0 && indices == 0 && values == 0) return;
        if (room < tracked) throw EdbException.Usage($"count is {room}, and {tracked} weights are tracked");
        var (ordinals, places, numbers) = (new int[tracked], new long[tracked], new float[tracked]);
        session.CopyTracked(ordinals, places, numbers);
        Marshal.Copy(ordinals, 0, Arguments.Required(parameters, "parameters"), tracked);
        Marshal.Copy(places, 0, Arguments.Required(indices, "indices"), tracked);
        Marshal.Copy(numbers, 0, Arguments.Required(values, "values"), tracked);
    }

    public void WriteTracked(nint parameters, nint indices, nint values, long count)
    {
        using var held = Hold();
        var entries = Arguments.Count(count, "count");
        if (entries > session.BudgetCount) throw EdbException.Usage($"count is {entries}, more than the budget of {session.BudgetCount}");
        var (ordinals, places, numbers) = (new int[entries], new long[entries], new float[entries]);
        if (entries > 0)
        {
            Marshal.Copy(Arguments.Required(parameters, "parameters"), ordinals, 0, entries);
            Marshal.Copy(Arguments.Required(indices, "indices"), places, 0, entries);
            Marshal.Copy(Arguments.Required(values, "values"), numbers, 0, entries);
        }
        session.SetTracked(ordinals, places, numbers);
    }

    public void Save(nint store, nint sha256)
    {
        using var held = Hold();
        Arguments.WriteSha256(sha256, session.WriteTracked(Arguments.Text(store, "store")));
    }

    public void Load(nint store)
    {
        using var held = Hold();
        session.ReadTracked(Arguments.Text(store, "store"));
    }

    public void Export(nint onnx)
    {
        using var held = Hold();
        session.Export(Arguments.Text(onnx, "onnx"));
    }

    void CopyBatch(nint x, long xCount)
    {
        if (xCount != _x.Length) throw EdbException.Usage($"x_count is {xCount}, expected {_x.Length}: {session.Batch} samples of {session.SampleLength}");
        Marshal.Copy(Arguments.Required(x, "x"), _x, 0, _x.Length);
    }

    Lock.Scope Hold()
    {
        var held = _lock.EnterScope();
        if (!_isClosed) return held;
        held.Dispose();
        throw Sessions.NotOpen();
    }
}
