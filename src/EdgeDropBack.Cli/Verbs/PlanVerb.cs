using System.CommandLine;
using EdgeDropBack.Cli.Json;
using EdgeDropBack.Cli.Printing;
using EdgeDropBack.Devices;
using EdgeDropBack.Training;

namespace EdgeDropBack.Cli.Verbs;

/// <summary>What training would take on a device, without training.</summary>
static class PlanVerb
{
    static readonly (string Name, bool Modelled)[] s_lenses = [("both", true), ("algorithmic", false)];

    public static Verb Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "ONNX file" };
        var settings = new PlanSettings();
        var allProfiles = new Option<bool>("--all-profiles") { Description = "One line a device" };
        var budgets = new Setting<Budget[]>("--budgets", "N|P%,...", null, "One line a budget, such as 0.5%,1%,2%,5%,10%",
            text => [.. text.Split(',').Select(Budget.Parse)]);
        var lens = new Setting<bool>("--lens", "both|algorithmic", "both", "algorithmic leaves out the replay through the device's cache, "
            + "which takes seconds for large networks", Values.OneOf("--lens", s_lenses));
        var verb = new Verb("plan", "Predicted peak memory, and traffic, time and energy of a step on a device; fits or not (exit code 3).",
            "plan model.onnx", "plan model.onnx --profile raspberry-pi-zero-2w --budget 1% --batch 8", "plan model.onnx --all-profiles",
            "plan model.onnx --budgets 0.5%,1%,2%,5%,10%", "plan model.onnx --memory-limit 64MB --json",
            "plan model.onnx --base zero");
        return verb.Takes([model, .. settings.All, allProfiles, budgets, lens]).Does(parse =>
        {
            var (options, @base, threads) = settings.Read(parse, parse.GetValue(model)!);
            var modelled = lens.In(parse);
            var all = parse.GetValue(allProfiles);
            if (budgets.In(parse) is { } list)
            {
                if (all) throw EdbException.Usage("--all-profiles and --budgets are two tables; ask for one at a time");
                var profile = DeviceProfile.Load(options.Profile);
                return WriteLines(options, [.. list.Select(b => Line(options with { Session = options.Session with { Budget = b } }, [profile])[0])], true);
            }
            if (all) return WriteLines(options, Line(options, [.. ProfileFolder.Names().Select(DeviceProfile.Load)]), false);
            using var study = new PlanStudy(options, @base);
            var device = study.On(DeviceProfile.Load(options.Profile), threads, modelled);
            var plan = PlanJson.Of(options, study, device);
            if (verb.IsJson(parse)) terminal.WriteJson(plan, PlanJson.Fields);
            else PlanText.Write(terminal, plan);
            return device.Fits ? 0 : Refuse(terminal, options, device);

            PlanLineJson[] Line(PersonalizeOptions of, DeviceProfile[] profiles)
            {
                using var lineStudy = new PlanStudy(of, @base);
                return [.. profiles.Select(profile => PlanLineJson.Of(lineStudy, lineStudy.On(profile, threads, modelled)))];
            }

            int WriteLines(PersonalizeOptions of, PlanLineJson[] lines, bool byBudget)
            {
                using var lineStudy = new PlanStudy(of, @base);
                var json = new PlanLinesJson(of.Model, of.Session.Batch, lineStudy.Parameters, lines);
                if (verb.IsJson(parse)) terminal.WriteJson(json, PlanLinesJson.Fields);
                else PlanText.Write(terminal, json, byBudget);
                return 0;
            }
        });
    }

    static int Refuse(Terminal terminal, PersonalizeOptions options, DevicePlan plan)
    {
        var limit = plan.LimitBytes!.Value;
        var (batch, peak, fits) = options.Session.Batch > 1 ? PlanStudy.WouldFit(options, limit) : (1, plan.PeakBytes, false);
        terminal.Log($"edb: the plan needs {plan.PeakBytes} bytes, {plan.Profile.Name} has {limit}; "
            + (fits ? $"--batch {batch} would fit, with {peak}" : $"--batch 1 still needs {peak}: take a smaller model or --budget")
            + $", or give --memory-limit {limit}, which computes activations again");
        return 3;
    }
}
