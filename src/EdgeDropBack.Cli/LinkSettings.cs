using System.CommandLine;
using EdgeDropBack.DeviceLink;
using EdgeDropBack.Files;

namespace EdgeDropBack.Cli;

/// <summary>Which port, and how: the options of `agent`, `device` and `record`. They may stand before or after a command of the verb.</summary>
sealed class LinkSettings
{
    const int MinKeyBytes = 8, MaxKeyBytes = 4096;

    readonly Setting<string> _port = new("--port", "P", null, "Serial port or pseudo-terminal, such as /dev/ttyUSB0", Values.Text) { Recursive = true };
    readonly Setting<int> _baud = new("--baud", "N", "115200", "Bits a second, the same on both sides", Values.Int("--baud", 300)) { Recursive = true };
    readonly Option<bool> _dtr = new("--dtr") { Description = "Raise DTR, which resets many boards; otherwise it is left alone", Recursive = true };
    readonly Setting<string> _key = new("--key", "FILE", null, "Shared key: frames made without it are refused", Values.Text) { Recursive = true };

    public IEnumerable<Option> Port => [_port, _baud, _dtr];

    public IEnumerable<Option> All => [_port, _baud, _dtr, _key];

    public int Baud(ParseResult parse) => _baud.In(parse);

    /// <summary>Opens the port.</summary>
    public SerialLine Open(ParseResult parse) => SerialLine.Open(Path(parse), Baud(parse), parse.GetValue(_dtr));

    public LinkOptions Options(ParseResult parse) => new() { Baud = Baud(parse), Key = _key.In(parse) is { } file ? ReadKey(file) : null };

    /// <summary>The key is read.</summary>
    public FileRoles Files(ParseResult parse) => new FileRoles().Reads("--key", _key.In(parse));

    string Path(ParseResult parse) => _port.In(parse) ?? throw EdbException.Usage("--port is missing; give the serial port, such as --port /dev/ttyUSB0");

    static byte[] ReadKey(string path)
    {
        byte[] key;
        try
        {
            var bytes = new FileInfo(path).Length;
            if (bytes is < MinKeyBytes or > MaxKeyBytes)
                throw EdbException.Refused($"key '{path}' has {bytes} bytes, expected {MinKeyBytes} to {MaxKeyBytes}; make one with 'head -c 32 /dev/urandom'");
            key = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EdbException.Refused($"key '{path}' cannot be read ({e.Message}); give the file that both sides have", e);
        }
        return key;
    }
}
