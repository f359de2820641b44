using System.Globalization;

namespace EdgeDropBack.Data;

/// <summary>What the user asked of sound features; null where left to the model's input.</summary>
public sealed record AudioOptions
{
    /// <summary>Samples a second.</summary>
    public int? Rate { get; init; }

    /// <summary>Length of a window, milliseconds.</summary>
    public double? Window { get; init; }

    /// <summary>From one window to the next, milliseconds.</summary>
    public double? Hop { get; init; }

    /// <summary>Lowest and highest frequency, Hz.</summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>The model takes [bands, frames] instead of [frames, bands].</summary>
    public bool? BandsFirst { get; init; }

    /// <summary>Reads <c>--audio</c>: "rate=16000,window=30,hop=20,low=20,high=8000,layout=bands-frames", each of them or some.</summary>
    public static AudioOptions Parse(string text)
    {
        var result = new AudioOptions();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=');
            var (name, value) = at < 0 ? (part, "") : (part[..at], part[(at + 1)..]);
            result = name switch
            {
                "rate" => result with { Rate = (int)Number(name, value, AudioFeatures.LowestRate, AudioFeatures.HighestRate) },
                "window" => result with { Window = Number(name, value, 1, 1000) },
                "hop" => result with { Hop = Number(name, value, 1, 1000) },
                "low" => result with { Low = Number(name, value, 0, AudioFeatures.HighestRate) },
                "high" => result with { High = Number(name, value, 1, AudioFeatures.HighestRate) },
                "layout" when value is "frames-bands" or "bands-frames" => result with { BandsFirst = value == "bands-frames" },
                _ => throw EdbException.Usage($"--audio {Printable.Name(part)}: expected rate=HZ, window=MS, hop=MS, low=HZ, high=HZ or layout=frames-bands|bands-frames"),
            };
        }
        return result;
    }

    static double Number(string name, string text, double least, double most)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw EdbException.Usage($"--audio {name}={Printable.Name(text)}: expected a number from {least} to {most}");
}
