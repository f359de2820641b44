using System.Buffers.Binary;
using CsCheck;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>One change that knows nothing of the file's form.</summary>
/// <param name="Place">Where, as a share of the length in 2^-32; half of all places are in the first 128 bytes.</param>
readonly record struct ByteEdit(ByteEditKind Kind, uint Place, bool IsEarly, long Value, int Length)
{
    const int Early = 128;

    static readonly Gen<ByteEdit> s_any = Gen.Select(
        Gen.Enum<ByteEditKind>(), Gen.UInt, Gen.Bool, HostileNumbers.All, Gen.Int[1, 64], (kind, place, early, value, length)
            => new ByteEdit(kind, place, early, value, length));

    /// <summary>One of the samples with a few changes.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> samples)
        => Gen.Select(Gen.Int[0, samples.Count - 1], Edits.Few(s_any), (sample, edits) => edits.Aggregate(samples[sample], (file, edit) => edit.Apply(file)));

    /// <summary>A change, as a function from file to file.</summary>
    public static Gen<Func<byte[], byte[]>> OfFile { get; } = s_any.Select(edit => (Func<byte[], byte[]>)edit.Apply);

    byte[] Apply(byte[] file)
    {
        if (file.Length == 0) return file;
        var at = (int)((ulong)Place * (ulong)(IsEarly ? Math.Min(Early, file.Length) : file.Length) >> 32);
        var length = Math.Min(Length, file.Length - at);
        switch (Kind)
        {
            case ByteEditKind.Cut: return file[..at];
            case ByteEditKind.Remove: return [.. file[..at], .. file[(at + length)..]];
            case ByteEditKind.Repeat: return [.. file[..(at + length)], .. file[at..]];
            case ByteEditKind.Insert: return [.. file[..at], .. Enumerable.Repeat((byte)Value, length), .. file[at..]];
        }
        var copy = file.ToArray();
        switch (Kind)
        {
            case ByteEditKind.Set: copy[at] = (byte)Value; break;
            case ByteEditKind.Flip: copy[at] ^= (byte)(1 << (int)(Value & 7)); break;
            case ByteEditKind.SetLittleEndian when at <= copy.Length - 4: BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(at), (int)Value); break;
            case ByteEditKind.SetBigEndian when at <= copy.Length - 4: BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(at), (int)Value); break;
            case ByteEditKind.SetLong when at <= copy.Length - 8: BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(at), Value); break;
        }
        return copy;
    }
}
