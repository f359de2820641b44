using System.Globalization;
using System.Text;
using EdgeDropBack.Files;

namespace EdgeDropBack.DeviceLink.Tests;

public sealed class SensorRecorderTests
{
    readonly List<string> _notes = [];

    [Theory]
    [InlineData("0.12,-0.98,9.81", new[] { 0.12f, -0.98f, 9.81f })]
    [InlineData("1;2", new[] { 1f, 2f })]
    [InlineData(" 1\t-2e-3   3 \r", new[] { 1f, -0.002f, 3f })]
    [InlineData("4 , 5", new[] { 4f, 5f })]
    [InlineData("7", new[] { 7f })]
    [InlineData("1,,2", new float[0])]
    [InlineData("x=1", new float[0])]
    [InlineData("1,2x", new float[0])]
    [InlineData("NaN,1", new float[0])]
    [InlineData("boot", new float[0])]
    [InlineData("", new float[0])]
    public void ALineIsNumbersOrNothing(string line, float[] expected)
    {
        var values = new float[SensorLine.MaxAxes];
        Assert.Equal(expected, values[..SensorLine.Parse(Encoding.ASCII.GetBytes(line), values)]);
    }

    [Fact]
    public void MoreAxesThanThereMayBeAreNoLine()
        => Assert.Equal(0, SensorLine.Parse(Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Repeat("1", SensorLine.MaxAxes + 1))), new float[SensorLine.MaxAxes]));

    [Fact]
    public void LinesAreCutWhereverTheyArriveAndTheFirstRestIsLeftOut()
    {
        var text = "3,4\r\n1,2\r\n\r\n5,6\n" + new string('7', 600) + "\n8,9";
        for (var step = 1; step < 9; step++)
        {
            var (lines, found) = (new SensorLines(), new List<string>());
            var bytes = Encoding.ASCII.GetBytes(text);
            for (var at = 0; at < bytes.Length; at += step)
            {
                ReadOnlySpan<byte> input = bytes.AsSpan(at, Math.Min(step, bytes.Length - at));
                while (lines.Next(ref input, out var line)) found.Add(Encoding.ASCII.GetString(line).TrimEnd());
            }
            Assert.Equal(["1,2", "5,6", new string('7', SensorLine.MaxBytes)], found);
        }
    }

    [Theory]
    [InlineData(101, 1_000_000, 100)]
    [InlineData(101, 1_013_000, 100)]
    [InlineData(105, 1_000_000, 104)]
    [InlineData(63, 996_000, 62.5)]
    [InlineData(6, 10_000_000, 0.5)]
    [InlineData(1001, 999_000, 1000)]
    public void TheRateIsAUsualOneWhereItIsNear(int lines, long microseconds, double rate)
        => Assert.Equal(rate, SensorRate.Of(lines, microseconds), 6);

    [Fact]
    public void AxesAndRateAreDetectedAndNoLineIsLost()
    {
        var recorder = Recorder();
        Feed(recorder, 0, 500);
        Assert.Equal((3, 100.0, 200), (recorder.Axes, recorder.Rate, recorder.WindowLines));
        Assert.Equal((500, 0, 0), (recorder.Lines, recorder.Skipped, recorder.DropOuts));
        Assert.Equal(2, recorder.Windows.Count);
        Assert.Equal([0f, 1, 2, 1, 2, 3], recorder.Windows[0][..6]);
        Assert.Equal([200f, 201, 202], recorder.Windows[1][..3]);
    }

    [Fact]
    public void BurstsOfAnAdapterAreNoDropOuts()
    {
        var recorder = Recorder();
        for (var i = 0; i < 500; i++) recorder.Add(Line(i), (i / 8 * 8 + 8) * 10_000 + i % 8);
        Assert.Equal((500, 0, 2), (recorder.Lines, recorder.DropOuts, recorder.Windows.Count));
    }

    [Fact]
    public void ADropOutIsCountedAndNoWindowReachesOverIt()
    {
        var recorder = Recorder();
        Feed(recorder, 0, 150);
        Feed(recorder, 180, 400);
        Assert.Equal((1, 30), (recorder.DropOuts, recorder.Missing));
        Assert.Equal([180f, 181, 182], Assert.Single(recorder.Windows)[..3]);
    }

    [Fact]
    public void WhatIsNoNumberIsShownSkippedAndCounted()
    {
        var recorder = Recorder();
        Feed(recorder, 0, 150);
        for (var i = 0; i < 7; i++) recorder.Add(i % 2 == 0 ? "hot!"u8 : "1,2"u8, 1_500_000 + i);
        Feed(recorder, 150, 360);
        Assert.Equal(7, recorder.Skipped);
        Assert.Equal(5, _notes.Count);
        Assert.Equal("skipped line \"hot!\": not numbers", _notes[0]);
        Assert.Equal("skipped line \"1,2\": 2 numbers, the sensor has 3", _notes[1]);
        Assert.EndsWith("further ones are only counted", _notes[4], StringComparison.Ordinal);
        Assert.Equal([150f, 151, 152], Assert.Single(recorder.Windows)[..3]);
    }

    [Fact]
    public void WindowsMayOverlap()
    {
        var recorder = new SensorRecorder(_ => 100, _ => 50, null, _notes.Add);
        Feed(recorder, 0, 300);
        Assert.Equal(5, recorder.Windows.Count);
        Assert.Equal(50f, recorder.Windows[1][0]);
    }

    [Fact]
    public void RecordingsOfSeveralClassesAreOneDataSet()
    {
        var folder = Directory.CreateTempSubdirectory("edb-record-");
        try
        {
            var path = Path.Combine(folder.FullName, "motion.npz");
            Record(path, "walking", [1, 2, 3, 4], [5, 6, 7, 8]);
            Assert.Equal((2, 2), new RecordingFile(path, "idle").Shape);
            Record(path, "idle", [9, 10, 11, 12]);
            Record(path, "walking", [13, 14, 15, 16]);
            var file = Data.NpzFile.Read(path);
            Assert.Equal([4, 2, 2], file["x"].Shape);
            Assert.Equal(Enumerable.Range(1, 16).Select(i => (float)i), file["x"].ReadFloats());
            Assert.Equal([0L, 0, 1, 0], file["y"].ReadInt64s("y"));
            Assert.Equal(["walking", "idle"], Data.Labels.Read(Path.Combine(folder.FullName, "motion.labels.txt")));
            var set = Data.DatasetLoader.Open(path, new() { Labels = ["walking", "idle"], Preprocessing = Data.Preprocessing.ForModel([-1, 2, 2], new()) });
            Assert.Equal(4, set.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void ARecordingThatCannotBeWrittenNowIsWrittenLater()
    {
        var folder = Directory.CreateTempSubdirectory("edb-record-");
        try
        {
            var path = Path.Combine(folder.FullName, "motion.npz");
            Record(path, "walking", [1, 2, 3, 4]);
            var before = File.ReadAllBytes(path);
            Directory.CreateDirectory(path + AtomicFile.TemporarySuffix);
            var file = new RecordingFile(path, "walking");
            file.Add([[5, 6, 7, 8]], 2, 2);
            Assert.Throws<EdbException>(file.Save);
            Assert.Equal(before, File.ReadAllBytes(path));
            Directory.Delete(path + AtomicFile.TemporarySuffix);
            file.Add([[9, 10, 11, 12]], 2, 2);
            file.Save();
            Assert.Equal(Enumerable.Range(1, 12).Select(i => (float)i), Data.NpzFile.Read(path)["x"].ReadFloats());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void Record(string path, string label, params float[][] windows)
    {
        var file = new RecordingFile(path, label);
        file.Add(windows, 2, 2);
        file.Save();
    }

    SensorRecorder Recorder() => new(rate => (int)(2 * rate), lines => lines, null, _notes.Add);

    static void Feed(SensorRecorder recorder, int from, int to)
    {
        for (var i = from; i < to; i++) recorder.Add(Line(i), i * 10_000L);
    }

    static byte[] Line(int i) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i},{i + 1},{i + 2}"));
}
