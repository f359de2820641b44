using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>What training would take on a device, without training.</summary>
static class PlanVerb
{
    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var settings = new PlanSettings();
        var verb = new Verb("plan", "Predicted peak memory, and traffic, time and energy of a step on a device; fits or not (exit code 3).",
            "plan model.onnx", "plan model.onnx --profile raspberry-pi-zero-2w --budget 1% --batch 8",
                "plan model.onnx --memory-limit 64MB --json");
        return verb.Takes([model, .. settings.All]).Does(parse =>
        {
            var (options, threads) = settings.Read(parse, parse.GetValue(model)!);
            var plan = PlanJson.Of(options, threads);
            if (verb.IsJson(parse)) terminal.WriteJson(plan, PlanJson.Fields);
            else PlanText.Write(terminal, plan);
            if (plan.Fits) return 0;
            terminal.Log($"edb: the plan needs {plan.Memory.PlannedPeakBytes} bytes, --memory-limit is {options.MemoryLimit}; "
                + $"a smaller --batch than {plan.Batch} needs less, or give --memory-limit {plan.Memory.PlannedPeakBytes}");
            return 3;
        });
    }
}
