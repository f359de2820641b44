using System.Text.Json;
using EdgeDropBack.Json;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb record --json`.</summary>
/// <param name="Rate">Lines a second.</param>
/// <param name="Windows">Recorded now.</param>
/// <param name="AllWindows">In the file.</param>
/// <param name="Missing">Lines that did not come in drop-outs.</param>
sealed record RecordJson(string Data, string Labels, string Label, int Axes, double Rate, int WindowLines, int Windows, int AllWindows, long Lines,
    long Skipped, long DropOuts, long Missing)
{
    public static void Fields(Utf8JsonWriter json, RecordJson value)
    {
        json.Field("data", value.Data);
        json.Field("labels", value.Labels);
        json.Field("label", value.Label);
        json.Field("axes", value.Axes);
        json.Field("rate", value.Rate);
        json.Field("windowLines", value.WindowLines);
        json.Field("windows", value.Windows);
        json.Field("allWindows", value.AllWindows);
        json.Field("lines", value.Lines);
        json.Field("skipped", value.Skipped);
        json.Field("dropOuts", value.DropOuts);
        json.Field("missing", value.Missing);
    }
}
