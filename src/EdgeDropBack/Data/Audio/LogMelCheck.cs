using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeDropBack.Kernels;

namespace EdgeDropBack.Data;

/// <summary>The features of one known sound, which are the same bits on every machine.</summary>
static class LogMelCheck
{
    public const string Expected = "0151095a30d9ef4342c453c546ddeff3c3bf1aad1968cd8e2f9d1199cc348a69";

    const int Rate = 44_100, Seconds = 1;

    /// <summary>SHA-256 of the features of a chirp that is resampled.</summary>
    public static string Hash()
    {
        var sound = new float[Rate * Seconds];
        for (var i = 0; i < sound.Length; i++)
        {
            var t = (double)i / Rate;
            sound[i] = (float)(0.5 * DeterministicMath.SinPi(2 * (200 * t + 1800 * t * t)));
        }
        var settings = new AudioFeatures { Frames = 49, Bands = 40 };
        var features = new float[settings.Frames * settings.Bands];
        new LogMel(settings).Compute(sound, Rate, features);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(features.AsSpan())));
    }
}
