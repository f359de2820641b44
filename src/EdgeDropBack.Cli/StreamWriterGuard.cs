using System.Text;
using EdgeDropBack.Files;

namespace EdgeDropBack.Cli;

/// <summary>Standard output or standard error, whose loss is an error by name, or none at all.</summary>
/// <param name="name">What errors call it; null for messages, which must not cost the work when nobody is there to read them.</param>
sealed class StreamWriterGuard(TextWriter inner, string? name) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Guarded(() => inner.Write(value));

    public override void Write(string? value) => Guarded(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guarded(() => inner.Write(buffer, index, count));

    public override void WriteLine() => Guarded(inner.WriteLine);

    public override void WriteLine(string? value) => Guarded(() => inner.WriteLine(value));

    public override void Flush() => Guarded(inner.Flush);

    void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (IOException) when (name is null)
        {
            // There is nowhere left to say so.
        }
        catch (IOException e)
        {
            var why = FileErrors.IsFullOrReadOnly(e) ? "the disk is full" : e.Message.TrimEnd('.');
            throw EdbException.Failed($"cannot write {name}: {why}", e);
        }
    }
}
