using CsCheck;
using EdgeDropBack.Data;
using EdgeDropBack.Tests.Data;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>An .npy, alone and as x beside a sound y.</summary>
sealed class HostileNpy() : HostileKind("npy", HostileCaps.Arrays)
{
    public static readonly byte[][] Arrays =
    [
        .. new[]
        {
            NumpyFixtures.Float32, NumpyFixtures.Float64, NumpyFixtures.Float16, NumpyFixtures.UInt8, NumpyFixtures.Int64, NumpyFixtures.Bool,
            NumpyFixtures.BigEndian, NumpyFixtures.Fortran, NumpyFixtures.Vector, NumpyFixtures.Scalar, NumpyFixtures.Empty, NumpyFixtures.Objects,
            NumpyFixtures.Strings, NumpyFixtures.Structured, NumpyFixtures.Complex,
        }.Select(Convert.FromBase64String),
    ];

    readonly TempFolder _folder = new();

    public override IReadOnlyList<byte[]> Samples => Arrays;

    protected override Gen<byte[]> Structured { get; } = Gen.OneOf(TextEdit.Of(Arrays), ByteEdit.Of(Arrays));

    public override void Read(byte[] file)
    {
        NpyWriter.Write(_folder["h-y.npy"], NpyArray.From([0L, 2], 2));
        var path = _folder.Write("h-x.npy", file);
        DatasetLoader.Open(path, DataTest.Options([3], 3));
    }
}
