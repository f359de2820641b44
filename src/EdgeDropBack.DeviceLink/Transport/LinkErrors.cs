using System.Globalization;
using System.Text;

namespace EdgeDropBack.DeviceLink;

/// <summary>Why there is no session, as a line for the user.</summary>
static class LinkErrors
{
    const int ShownBytes = 16;

    /// <exception cref="EdbException">Exit code 3: the agent has answered, and refuses or is refused.</exception>
    public static void ThrowIfRefused(LinkEnd end)
    {
        switch (end.Fault)
        {
            case LinkFault.OtherVersion:
                throw EdbException.Refused($"the agent speaks link protocol {end.PeerVersions}, this program {end.Options.Versions}; "
                    + "use the same version of edb on both sides");
            case LinkFault.AgentHasKey:
                throw EdbException.Refused("the agent takes only hosts that have its key; give it with --key FILE");
            case LinkFault.AgentHasNoKey:
                throw EdbException.Refused("the agent has no key; start it with --key FILE, or leave --key out here");
            case LinkFault.WrongKey:
                throw EdbException.Refused("the agent has another key; give the same --key FILE on both sides");
        }
    }

    public static EdbException NoAnswer(LinkEnd end, TimeSpan timeout)
    {
        var silent = end.Statistics.BytesHeard == 0 ? ", and whether 'edb agent' runs there" : ", and that nothing else speaks on this line";
        return EdbException.Refused(string.Create(CultureInfo.InvariantCulture,
            $"no answer at {end.Options.Baud} baud within {timeout.TotalSeconds:0.#} s: ") + Heard(end.Statistics.BytesHeard, end.Heard) + silent);
    }

    /// <summary>What came instead of what was expected.</summary>
    /// <param name="first">The first bytes of it.</param>
    public static string Heard(long bytes, ReadOnlySpan<byte> first) => bytes == 0 ? "heard nothing; check the wires"
        : string.Create(CultureInfo.InvariantCulture, $"heard {bytes} bytes that make no sense, at first ") + $"{Shown(first)}; check --baud on both sides";

    static string Shown(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            if (value is not (>= 0x20 and < 0x7F or (byte)'\r' or (byte)'\n' or (byte)'\t'))
                return Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, ShownBytes)]);
        return $"\"{Encoding.ASCII.GetString(bytes).Trim()}\"";
    }
}
