using System.Runtime.InteropServices;
using EdgeDropBack.Training;

namespace EdgeDropBack.Native;

/// <summary>The functions of edgedropback.h, where their contract is written down.</summary>
static class Exports
{
    static readonly nint s_version = Marshal.StringToCoTaskMemUTF8(typeof(TrainingSession).Assembly.GetName().Version!.ToString(3));

    [UnmanagedCallersOnly(EntryPoint = "edb_version")]
    static nint Version() => s_version;

    [UnmanagedCallersOnly(EntryPoint = "edb_last_error")]
    static nint Error() => LastError.Text;

    [UnmanagedCallersOnly(EntryPoint = "edb_open")]
    static int Open(nint model, nint options, int count, nint session) => Call.Run((model, options, count, session), static a =>
    {
        Arguments.Required(a.session, "session");
        Marshal.WriteInt64(a.session, 0);
        var path = Arguments.Text(a.model, "model");
        var opened = TrainingSession.Open(path, OptionWords.Session(Arguments.Words(a.options, a.count)));
        Marshal.WriteInt64(a.session, (long)Sessions.Add(opened));
    });

    [UnmanagedCallersOnly(EntryPoint = "edb_close")]
    static int Close(ulong session) => Call.Run(session, Sessions.Close);

    [UnmanagedCallersOnly(EntryPoint = "edb_sizes")]
    static int Sizes(ulong session, nint batch, nint sampleLength, nint outputs, nint budget) => Call.Run(
        (session, batch, sampleLength, outputs, budget),
        static a => Sessions.Of(a.session).WriteSizes(a.batch, a.sampleLength, a.outputs, a.budget));

    [UnmanagedCallersOnly(EntryPoint = "edb_step")]
    static int Step(ulong session, nint x, long xCount, nint labels, int labelCount, float rate, nint loss) => Call.Run(
        (session, x, xCount, labels, labelCount, rate, loss),
        static a => Sessions.Of(a.session).Step(a.x, a.xCount, a.labels, a.labelCount, a.rate, a.loss));

    [UnmanagedCallersOnly(EntryPoint = "edb_freeze")]
    static int Freeze(ulong session) => Call.Run(session, static handle => Sessions.Of(handle).Freeze());

    [UnmanagedCallersOnly(EntryPoint = "edb_evaluate")]
    static int Evaluate(ulong session, nint x, long xCount, nint labels, int labelCount, nint accuracy, nint loss) => Call.Run(
        (session, x, xCount, labels, labelCount, accuracy, loss),
        static a => Sessions.Of(a.session).Evaluate(a.x, a.xCount, a.labels, a.labelCount, a.accuracy, a.loss));

    [UnmanagedCallersOnly(EntryPoint = "edb_predict")]
    static int Predict(ulong session, nint x, long xCount, nint y, long yCount) => Call.Run(
        (session, x, xCount, y, yCount),
        static a => Sessions.Of(a.session).Predict(a.x, a.xCount, a.y, a.yCount));

    [UnmanagedCallersOnly(EntryPoint = "edb_read_tracked")]
    static int ReadTracked(ulong session, nint parameters, nint indices, nint values, nint count) => Call.Run(
        (session, parameters, indices, values, count),
        static a => Sessions.Of(a.session).ReadTracked(a.parameters, a.indices, a.values, a.count));

    [UnmanagedCallersOnly(EntryPoint = "edb_write_tracked")]
    static int WriteTracked(ulong session, nint parameters, nint indices, nint values, long count) => Call.Run(
        (session, parameters, indices, values, count),
        static a => Sessions.Of(a.session).WriteTracked(a.parameters, a.indices, a.values, a.count));

    [UnmanagedCallersOnly(EntryPoint = "edb_save")]
    static int Save(ulong session, nint store, nint sha256) => Call.Run(
        (session, store, sha256), static a => Sessions.Of(a.session).Save(a.store, a.sha256));

    [UnmanagedCallersOnly(EntryPoint = "edb_load")]
    static int Load(ulong session, nint store) => Call.Run((session, store), static a => Sessions.Of(a.session).Load(a.store));

    [UnmanagedCallersOnly(EntryPoint = "edb_export")]
    static int Export(ulong session, nint onnx) => Call.Run((session, onnx), static a => Sessions.Of(a.session).Export(a.onnx));

    [UnmanagedCallersOnly(EntryPoint = "edb_personalize")]
    static int Personalize(nint model, nint options, int count, nint progress, nint context, nint sha256) => Call.Run(
        (model, options, count, progress, context, sha256), static a =>
        {
            var told = new ProgressFunction(a.progress, a.context);
            var run = OptionWords.Personalize(Arguments.Text(a.model, "model"), Arguments.Words(a.options, a.count));
            var result = Personalizer.Run(run with { Progress = told.Tell, Cancel = told.Token });
            if (result.Refusal is not null) throw EdbException.Failed($"not kept: {result.Refusal}; train on more data, or change --accept-if");
            Arguments.WriteSha256(a.sha256, result.Store.Sha256);
            if (result.NotWritten is [var file, ..]) throw EdbException.Failed(file);
        });
}
