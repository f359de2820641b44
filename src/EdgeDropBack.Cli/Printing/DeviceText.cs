using System.Globalization;
using System.Text.Json;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.DeviceLink;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb device` shows of an agent's answers.</summary>
static class DeviceText
{
    public static void Status(Terminal terminal, JsonElement status)
    {
        var training = status.GetProperty("training") is { ValueKind: JsonValueKind.Array } arguments
            ? string.Join(' ', arguments.EnumerateArray().Select(argument => argument.GetString())) : "nothing yet";
        var state = !status.GetProperty("isTraining").GetBoolean() ? ""
            : string.Create(CultureInfo.InvariantCulture, $" ({status.GetProperty("phase")}, step {status.GetProperty("step")} of {status.GetProperty("steps")})");
        new Sheet("", "")
            .Row("agent", $"edb {status.GetProperty("version")}, {status.GetProperty("kernels")}")
            .Row("takes", $"{Figures.Bytes(Number(status, "maxFileBytes"))} a file, {Number(status, "maxFiles")} files, {Figures.Bytes(Number(status, "maxFolderBytes"))} in all")
            .Row("free", Figures.Bytes(Number(status, "freeBytes")))
            .Row("training", training + state)
            .Write(terminal.Tables());
        terminal.Out.WriteLine();
        var files = new Sheet("file", ">size");
        foreach (var file in status.GetProperty("files").EnumerateArray()) files.Row(file.GetProperty("name").GetString()!, Figures.Bytes(Number(file, "bytes")));
        files.Write(terminal.Tables());
    }

    public static void Transferred(Terminal terminal, JsonElement transfers)
    {
        foreach (var file in transfers.GetProperty("files").EnumerateArray())
        {
            var resumed = Number(file, "resumed") is > 0 and var bytes ? $", {Figures.Bytes(bytes)} were there" : "";
            terminal.Out.WriteLine($"{file.GetProperty("name")}: {Figures.Bytes(Number(file, "bytes"))}{resumed}, "
                + $"{Figures.Bytes((long)file.GetProperty("bytesPerSecond").GetDouble())} a second");
        }
    }

    public static void Trained(Terminal terminal, JsonElement result)
    {
        var (accuracy, traffic, store) = (result.GetProperty("accuracy"), result.GetProperty("traffic"), result.GetProperty("store"));
        var name = Path.GetFileName(store.GetProperty("path").GetString());
        new Sheet("", "")
            .Row("accuracy", $"{Share(accuracy, "before")} -> {Share(accuracy, "after")}")
            .Row("weights", $"{Figures.Count(Number(result, "tracked"))} of {Figures.Count(Number(result, "parameters"))} in {Figures.Bytes(Number(store, "bytes"))}")
            .Row("traffic", $"{Figures.Ratio(traffic.GetProperty("ratio").GetDouble())} less than dense training")
            .Row("SHA-256", store.GetProperty("sha256").GetString()!)
            .Write(terminal.Tables());
        if (result.GetProperty("accepted").GetBoolean()) terminal.Out.WriteLine($"{name} is on the board; copy it with 'edb device pull {name}'");
    }

    public static void Evaluated(Terminal terminal, JsonElement result) => terminal.Out.WriteLine(
        $"{EvaluationText.Shares(Value(result, "accuracy"), Name(result), Value(result, "macroF1"), Value(result, "falseRejectRate"), Value(result, "falseAcceptRate"))}loss {Figures.Number(result.GetProperty("loss").GetDouble())} on {Number(result, "samples")} samples"
        + (result.TryGetProperty("skipped", out var skipped) && skipped.GetArrayLength() is > 0 and var count ? $", {count} skipped" : ""));

    static string? Name(JsonElement result) => result.TryGetProperty("accuracyKind", out var kind) ? kind.GetString() : null;

    static double? Value(JsonElement result, string name)
        => result.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static void RolledBack(Terminal terminal, JsonElement list)
    {
        var sheet = new Sheet(">generation", "file", ">size", ">accuracy");
        foreach (var g in list.GetProperty("generations").EnumerateArray())
            sheet.Row($"{Number(g, "number")}", Path.GetFileName(g.GetProperty("path").GetString())!, Figures.Bytes(Number(g, "bytes")), Share(g, "accuracy"));
        sheet.Write(terminal.Tables());
    }

    public static string Line(LinkStatistics link) => string.Create(CultureInfo.InvariantCulture,
        $"link: {link.Sent} frames sent, {link.SentAgain} again, {link.Rejected} damaged, {link.Sessions} session{(link.Sessions == 1 ? "" : "s")}");

    static string Share(JsonElement parent, string name)
        => Figures.Percent(parent.GetProperty(name) is { ValueKind: JsonValueKind.Number } share ? share.GetDouble() : null);

    static long Number(JsonElement parent, string name) => parent.GetProperty(name).GetInt64();
}
