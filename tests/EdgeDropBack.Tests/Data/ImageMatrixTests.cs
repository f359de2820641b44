using System.Buffers.Binary;
using System.Diagnostics;
using EdgeDropBack.Data;

namespace EdgeDropBack.Tests.Data;

/// <summary>A matrix of formats, as Pillow writes them and as it decodes them.</summary>
public sealed class ImageMatrixTests
{
    /// <summary>JPEG decoders differ in their inverse transform and in how they round when upsampling.</summary>
    const int JpegLevels = 24;

    const double JpegMean = 1.5;

    const string Python = "/usr/bin/python3";

    static string Script => Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Data", "image_matrix.py");

    [SkippableFact]
    public void EveryFormatOfTheMatrixDecodesAsInPillow()
    {
        Skip.IfNot(File.Exists(Python) && Run("-c", "import PIL") == 0, "python3-pil is not installed");
        using var folder = new TempFolder();
        Assert.Equal(0, Run(Script, folder.Path));
        var files = Directory.GetFiles(folder.Path).Where(file => !file.EndsWith(".rgb", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        Assert.InRange(files.Length, 85, 200);
        Assert.Empty(files.Select(Difference).OfType<string>());
    }

    static string? Difference(string path)
    {
        var name = Path.GetFileName(path);
        if (ImageDecoder.Decode(path, out var image) is { } reason) return $"{name}: {reason}";
        var other = File.ReadAllBytes(path + ".rgb");
        var size = (BinaryPrimitives.ReadInt32LittleEndian(other), BinaryPrimitives.ReadInt32LittleEndian(other.AsSpan(4)));
        if (size != (image.Height, image.Width)) return $"{name}: {image.Height}x{image.Width} instead of {size}";
        var pixels = PixelFormat.Convert(image.Pixels, image.Channels, 3);
        var differences = pixels.Zip(other.Skip(8), (a, b) => Math.Abs(a - b)).ToArray();
        var (most, mean) = (differences.Max(), differences.Average());
        var allowed = name.EndsWith(".jpg", StringComparison.Ordinal) ? JpegLevels : name.StartsWith("loose", StringComparison.Ordinal) ? 1 : 0;
        return most <= allowed && mean <= JpegMean ? null : $"{name}: differs by up to {most} levels, {mean:0.00} in the mean";
    }

    static int Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
