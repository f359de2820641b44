using System.Security.Cryptography;

namespace EdgeDropBack.DeviceLink;

/// <summary>
/// Payloads of <see cref="FrameType.Hello"/> and <see cref="FrameType.Welcome"/>, the same in all versions, and the session that the two
/// make. Both begin with "edb", lowest and highest version, and 1 for a key or 0.
/// </summary>
static class Greeting
{
    public const int NonceBytes = 16, HelloBytes = 6 + NonceBytes, WelcomeBytes = 6 + 1 + 2 * NonceBytes + ProofBytes;

    const int ProofBytes = 16, VersionAt = 6, HostNonceAt = 7, AgentNonceAt = HostNonceAt + NonceBytes, ProofAt = AgentNonceAt + NonceBytes;

    static ReadOnlySpan<byte> Magic => "edb"u8;

    public static byte[] Hello(LinkOptions options, byte[] nonce) => [.. Head(options), .. nonce];

    /// <param name="version">What was agreed on; 0 for nothing.</param>
    public static byte[] Welcome(LinkOptions options, byte version, ReadOnlySpan<byte> hello, byte[] nonce)
    {
        byte[] welcome = [.. Head(options), version, .. hello[^NonceBytes..], .. nonce, .. new byte[ProofBytes]];
        if (options.Key is not null) Derive(options.Key, "proof"u8, hello, welcome)[..ProofBytes].CopyTo(welcome.AsSpan(ProofAt));
        return welcome;
    }

    public static bool IsHello(ReadOnlySpan<byte> payload) => payload.Length >= HelloBytes && payload.StartsWith(Magic);

    /// <summary>Whether it answers this hello.</summary>
    public static bool IsWelcome(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> hello) => payload.Length >= WelcomeBytes
        && payload.StartsWith(Magic) && payload.Slice(HostNonceAt, NonceBytes).SequenceEqual(hello[^NonceBytes..]);

    public static LinkVersions Versions(ReadOnlySpan<byte> payload) => new(payload[3], payload[4]);

    public static bool HasKey(ReadOnlySpan<byte> payload) => payload[5] != 0;

    public static byte Version(ReadOnlySpan<byte> welcome) => welcome[VersionAt];

    /// <summary>Whether who sent it has our key.</summary>
    public static bool IsProven(byte[] key, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> welcome)
        => CryptographicOperations.FixedTimeEquals(Derive(key, "proof"u8, hello, welcome)[..ProofBytes], welcome.Slice(ProofAt, ProofBytes));

    /// <summary>The seal of one direction: "host" or "agent" sends.</summary>
    public static FrameSeal Seal(LinkOptions options, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> welcome)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. sender, .. hello, .. welcome[..ProofAt]], hash);
        return new(BitConverter.ToUInt32(hash) | 1, options.Key is null ? null : Derive(options.Key, sender, hello, welcome));
    }

    static byte[] Derive(byte[] key, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> welcome)
        => HMACSHA256.HashData(key, (byte[])[.. purpose, .. hello, .. welcome[..ProofAt]]);

    static byte[] Head(LinkOptions options)
        => [.. Magic, options.Versions.Lowest, options.Versions.Highest, (byte)(options.Key is null ? 0 : 1)];
}
