using CsCheck;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>A kind of file that strangers make: sound samples, ways to change them, and everything that the program does with such a file.</summary>
/// <param name="name">As the tables call it.</param>
/// <param name="allocationCap">Managed bytes that reading one file may allocate, in all.</param>
abstract class HostileKind(string name, long allocationCap)
{
    public string Name => name;

    public long AllocationCap => allocationCap;

    public abstract IReadOnlyList<byte[]> Samples { get; }

    /// <summary>Changes that keep the form and make the content hostile.</summary>
    protected abstract Gen<byte[]> Structured { get; }

    /// <summary>Changed files: one in four by bytes, the others by structure.</summary>
    public Gen<byte[]> Files => Gen.Frequency((1, ByteEdit.Of(Samples)), (3, Structured));

    /// <summary>Reads a file and uses what is in it.</summary>
    /// <exception cref="EdbException">The file is refused.</exception>
    public abstract void Read(byte[] file);

    public override string ToString() => name;

    /// <summary>File number <paramref name="index"/>; the same for the same index.</summary>
    public byte[] Changed(int index) => Files.Generate(new PCG((uint)index, 0x9E3779B97F4A7C15ul * ((ulong)index + 1)), null, out _);
}
