using System.Runtime.InteropServices;

namespace EdgeDropBack.Cli;

/// <summary>What the program takes from the system. Without libssl the runtime ends the process, so it is looked for first.</summary>
static class SystemLibraries
{
    /// <summary>Names under which the runtime looks for OpenSSL, and the variable that overrides them.</summary>
    static readonly string[] s_ssl = ["libssl.so.3", "libssl.so.1.1", "libssl.so"];

    const string Override = "CLR_OPENSSL_VERSION_OVERRIDE";

    public const string SslAdvice = "libssl is missing, which SHA-256 needs; install it: apt install libssl3";

    public static bool HasSsl() => !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Override) is not null
        || s_ssl.Any(name => NativeLibrary.TryLoad(name, out _));

    public static void Require()
    {
        if (!HasSsl()) throw EdbException.Failed(SslAdvice);
    }
}
