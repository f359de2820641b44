using System.Globalization;
using EdgeDropBack.Tests.Hostile;
using SharpFuzz;

namespace EdgeDropBack.Fuzz;

/// <summary>
/// Hostile files by the million, outside the ordinary tests. `run KIND FROM COUNT` reads changed files and prints one row of the table that
/// tools/fuzz.sh makes; `file` writes a changed file,
/// `read` answers to one, `samples` to the unchanged ones; `seeds KIND FOLDER` writes those; `afl KIND` and `libfuzzer KIND` are driven by coverage.
/// </summary>
static class Fuzzing
{
    const int WrongUsage = 2, ProgressEvery = 1000;

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["kinds"]:
                foreach (var name in HostileKinds.Names) Console.WriteLine(name);
                return 0;
            case ["heading"]:
                Console.WriteLine(HostileFigures.Heading);
                return 0;
            case ["run", var kind, var from, var count]:
                return Report(HostileKinds.Create(kind), Number(from), Number(count));
            case ["samples", var kind]:
                foreach (var (i, sample) in HostileKinds.Create(kind).Samples.Index()) Console.WriteLine($"{kind} {i}: {Answer(HostileKinds.Create(kind), sample)}");
                return 0;
            case ["file", var kind, var index, var path]:
                File.WriteAllBytes(path, HostileKinds.Create(kind).Changed(Number(index)));
                return 0;
            case ["read", var kind, var path]:
                Console.WriteLine(Answer(HostileKinds.Create(kind), File.ReadAllBytes(path)));
                return 0;
            case ["seeds", var kind, var folder]:
                WriteSeeds(HostileKinds.Create(kind), folder);
                return 0;
            case ["extremes", var folder]:
                Directory.CreateDirectory(folder);
                foreach (var (name, bytes, _) in HostileExtremes.All) File.WriteAllBytes(Path.Combine(folder, name + ".onnx"), bytes);
                return 0;
            case ["afl", var kind]:
                Afl(kind);
                return 0;
            case ["libfuzzer", var kind]:
                LibFuzzer(kind);
                return 0;
        }
        Console.Error.WriteLine("usage: kinds | heading | run KIND FROM COUNT | samples KIND | file KIND INDEX PATH | read KIND PATH | seeds KIND FOLDER | extremes FOLDER | afl KIND | libfuzzer KIND");
        return WrongUsage;
    }

    static int Report(HostileKind kind, int from, int count)
    {
        var figures = HostileRun.Of(kind, from, count, index =>
        {
            if (index % ProgressEvery == 0) Console.Error.Write($"\r{kind.Name} {index} ");
        });
        Console.Error.WriteLine($"\r{kind.Name}: slowest is file {figures.SlowestIndex}");
        Console.WriteLine(figures.Row(kind.AllocationCap));
        foreach (var failure in figures.Failures) Console.Error.WriteLine(failure);
        return figures.Failures.Count > 0 || figures.SlowestMilliseconds > HostileCaps.Milliseconds ? 1 : 0;
    }

    /// <summary>A refusal is an answer; any other exception is what the fuzzer looks for.</summary>
    static string Answer(HostileKind kind, byte[] file)
    {
        try
        {
            kind.Read(file);
            return "accepted";
        }
        catch (EdbException e)
        {
            return e.Message;
        }
    }

    static void WriteSeeds(HostileKind kind, string folder)
    {
        Directory.CreateDirectory(folder);
        var distinct = kind.Samples.DistinctBy(Convert.ToHexString).ToArray();
        for (var i = 0; i < distinct.Length; i++) File.WriteAllBytes(Path.Combine(folder, $"{i:D4}"), distinct[i]);
    }

    /// <summary>An instrumented library must not run before SharpFuzz has its memory, so that the first file makes the kind.</summary>
    static void Afl(string name)
    {
        var kind = new Lazy<HostileKind>(() => HostileKinds.Create(name));
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            Answer(kind.Value, bytes.ToArray());
        });
    }

    /// <summary>The same, for libFuzzer.</summary>
    static void LibFuzzer(string name)
    {
        var kind = new Lazy<HostileKind>(() => HostileKinds.Create(name));
        Fuzzer.LibFuzzer.Run(bytes => Answer(kind.Value, bytes.ToArray()));
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
