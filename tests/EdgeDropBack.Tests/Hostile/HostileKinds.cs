using System.Text;
using EdgeDropBack.Data;
using EdgeDropBack.Devices;
using EdgeDropBack.Tests.Data;
using EdgeDropBack.Tests.Traffic;
using EdgeDropBack.Traffic;

namespace EdgeDropBack.Tests.Hostile;

/// <summary>Every kind of file that the program reads: one flat list.</summary>
static class HostileKinds
{
    static readonly (string Name, Func<HostileKind> Create)[] s_kinds =
    [
        ("model", () => new HostileModel()),
        ("external-data", () => new HostileExternalData()),
        ("store", () => new HostileStore()),
        ("npz", () => new HostileNpz()),
        ("npy", () => new HostileNpy()),
        ("idx", () => new HostileIdx(isGzip: false)),
        ("idx-gz", () => new HostileIdx(isGzip: true)),
        ("image", () => new HostileImage()),
        ("wav", () => new HostileWav()),
        ("csv", Csv),
        ("labels", Labels),
        ("profile", Profile),
        ("sidecar", Sidecar),
        ("report", Report),
    ];

    public static IEnumerable<string> Names => s_kinds.Select(kind => kind.Name);

    public static HostileKind Create(string name) => s_kinds.Single(kind => kind.Name == name).Create();

    static HostileText Csv()
    {
        var folder = new TempFolder();
        byte[][] samples =
        [
            "label,a,b\n1,2,3.5e3\n0,\"4\",5\n1,0.25,-1\n"u8.ToArray(), "1.5\t2\tcat\n3\t4\tdog\n"u8.ToArray(), "y;a;b\r\n0;1,5;2\r\n"u8.ToArray(),
            "\"a\"\"b\",c,label\n1,2,0\n,,\n3,4,1\n"u8.ToArray(),
        ];
        return new("csv", false, samples, file => DatasetLoader.Open(folder.Write("hostile.csv", file), DataTest.Options([2], 2)));
    }

    static HostileText Labels()
    {
        var folder = new TempFolder();
        byte[][] samples = ["cat\ndog\nbird\n"u8.ToArray(), Encoding.UTF8.GetBytes("\uFEFFKatze\r\nHund\r\n日本\r\n\r\n")];
        return new("labels", false, samples, file => EdgeDropBack.Data.Labels.Read(folder.Write("hostile.txt", file)));
    }

    static HostileText Profile()
    {
        var folder = new TempFolder();
        byte[][] samples = [.. Directory.GetFiles(Path.Combine(Repository.Root, "device-profiles"), "*.json").Order(StringComparer.Ordinal)
            .Where(path => !path.EndsWith("schema.json", StringComparison.Ordinal)).Select(File.ReadAllBytes)];
        return new("profile", true, samples, file => DeviceProfile.Load(folder.Write("hostile.json", file)));
    }

    static HostileText Sidecar()
    {
        var folder = new TempFolder();
        var path = folder["hostile.edb.json"];
        new Sidecar
        {
            ModelHash = new string('a', 64),
            ClassNames = ["cat", "dog"],
            Preprocessing = Preprocessing.ForModel([-1, 3, 8, 8], new PreprocessingOptions { Mean = [0.5f], Std = [0.25f] }),
        }.Save(path);
        byte[][] samples = [File.ReadAllBytes(path)];
        return new("sidecar", true, samples, file => EdgeDropBack.Data.Sidecar.Read(folder.Write("hostile.edb.json", file)));
    }

    static HostileText Report()
    {
        var folder = new TempFolder();
        using var samples = new TrafficSamples(TrafficSamples.SmallBatch);
        var report = Encoding.UTF8.GetBytes(TrafficReportTests.Report(samples).ToJson());
        return new("report", true, [report], file =>
        {
            var read = TrafficReport.Load(folder.Write("hostile.json", file));
            TrafficText.Write(read, TextWriter.Null);
            TrafficText.WriteCsv(read, TextWriter.Null);
            TrafficHtml.Write(read, TextWriter.Null);
            TrafficText.Write(TrafficDiff.Compare(read, read), TextWriter.Null);
        });
    }
}
