using System.Text.Json;
using EdgeDropBack.Graphs;
using EdgeDropBack.Json;
using EdgeDropBack.Onnx;

namespace EdgeDropBack.Cli.Json;

/// <summary>`edb new --json`.</summary>
sealed record NewJson(string Model, string Architecture, uint Seed, long Parameters, long Bytes, string Sha256, string? WeightsSha256)
{
    public static void Fields(Utf8JsonWriter json, NewJson value)
    {
        json.Field("model", value.Model);
        json.Field("architecture", value.Architecture);
        json.Field("seed", value.Seed);
        json.Field("parameters", value.Parameters);
        json.Field("bytes", value.Bytes);
        json.Field("sha256", value.Sha256);
        json.Field("weightsSha256", value.WeightsSha256);
    }

    /// <param name="path">The model's name.</param>
    /// <param name="bytes">The model, before it is written.</param>
    /// <exception cref="EdbException">Exit code 3: no model of this size can be trained.</exception>
    public static NewJson Of(string path, byte[] bytes, string architecture, uint seed, bool hash)
    {
        using var model = OnnxModel.Open(bytes, path);
        Graph graph;
        try
        {
            graph = GraphImporter.Import(model, new ImportOptions());
        }
        catch (EdbException failure)
        {
            throw EdbException.Refused($"{architecture} becomes too large: {failure.Message}", failure);
        }
        return new(path, architecture, seed, graph.ParameterCount, model.FileLength, model.Sha256, hash ? WeightHash.Of(graph) : null);
    }
}
