using System.Diagnostics;

namespace EdgeDropBack.Tests.Library;

/// <summary>onnx.checker with the full check, where Debian's python3-onnx is installed.</summary>
static class OnnxChecker
{
    const string Python = "/usr/bin/python3";

    /// <summary>Skips the test without python3-onnx.</summary>
    public static void Check(string path)
    {
        Skip.IfNot(File.Exists(Python) && Run("import onnx", "").Code == 0, "python3-onnx is not installed");
        var (code, error) = Run("import sys, onnx; onnx.checker.check_model(sys.argv[1], full_check=True)", path);
        Assert.True(code == 0, error);
    }

    static (int Code, string Error) Run(string program, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", program, argument]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
