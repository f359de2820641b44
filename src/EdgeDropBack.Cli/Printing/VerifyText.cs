using System.Globalization;
using EdgeDropBack.Cli.Json;

namespace EdgeDropBack.Cli.Printing;

/// <summary>What `edb verify` shows.</summary>
static class VerifyText
{
    public static void Write(Terminal terminal, VerifyJson result)
    {
        var console = terminal.Tables();
        var sheet = new Sheet("value", "node", "shape", ">largest", ">difference", ">relative");
        foreach (var value in result.Values)
            sheet.Row(value.Name, value.Node, value.Shape, Number(value.Largest), Number(value.Difference), Number(value.Relative));
        sheet.Write(console);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(Terminal.OneLine(result.First is { } first
            ? $"differs from ONNX Runtime: value '{first.Name}' of node {first.Node} is the first, by {Number(first.Relative)} (allowed {Number(result.Tolerance)})"
            : $"agrees with ONNX Runtime: {result.Values.Count} values, {Number(result.Worst?.Relative ?? 0)} at most (allowed {Number(result.Tolerance)})"));
    }

    static string Number(double value) => value.ToString("0.##E+0", CultureInfo.InvariantCulture);
}
