using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeDropBack.Data;
using EdgeDropBack.Json;
using EdgeDropBack.Training;

namespace EdgeDropBack.Prefixes;

/// <summary>Hash of all that decides a prefix's outputs beside the sample: model, cut, runtime, preprocessing.</summary>
static class PrefixIdentity
{
    public static byte[] Of(TrainingSession session, Preprocessing preprocessing)
    {
        var prefix = session.Prefix!;
        var values = string.Join('\n', prefix.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Name} {v.Length}")));
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', session.Model.Sha256, prefix.Runtime, values, JsonFields.Text(preprocessing, SidecarJson.Fields, indented: false))));
    }
}
