using System.Diagnostics;

namespace EdgeDropBack.Tests.Library;

/// <summary>onnx.checker with the full check, where python3-onnx is installed; BitwiseAnd and BitwiseXor came with onnx 1.13.</summary>
static class OnnxChecker
{
    const string Python = "/usr/bin/python3";
    const int TooOld = 77;

    const string Program = """
        import sys, onnx
        try:
            onnx.checker.check_model(sys.argv[1], full_check=True)
        except onnx.checker.ValidationError as error:
            if "No Op registered for Bitwise" not in str(error): raise
            sys.exit(77)
        """;

    /// <summary>Skips the test without a python3-onnx that can judge.</summary>
    public static void Check(string path)
    {
        Skip.IfNot(File.Exists(Python) && Run("import onnx", "").Code == 0, "python3-onnx is not installed");
        var (code, error) = Run(Program, path);
        Skip.If(code == TooOld, "python3-onnx is older than 1.13");
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
