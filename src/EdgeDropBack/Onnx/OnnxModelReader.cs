using System.Text;

namespace EdgeDropBack.Onnx;

/// <summary>Reads ModelProto, the outermost message of a file. Field numbers are those of onnx.proto.</summary>
static class OnnxModelReader
{
    const int MaxMetadataValue = 1 << 20;

    /// <summary>Fields of ModelProto: functions, operator sets, metadata.</summary>
    const int MaxFields = 1 << 16;

    /// <summary>
    /// ModelProto: ir_version 1, producer_name 2, producer_version 3, domain 4, model_version 5, graph 7, opset_import 8,
    /// metadata_props 14, training_info 20, functions 25.
    /// </summary>
    public static OnnxModel Read(ModelFile source, ExternalData external)
    {
        if (source.Length == 0) throw EdbException.Refused($"{source.Path}: is empty, expected an ONNX model; copy or download it again");
        if (source.Length > int.MaxValue)
        {
            throw EdbException.Refused(
                $"{source.Path}: has {source.Length} bytes, a protobuf file may have {int.MaxValue}; save the model with external data");
        }

        try
        {
            return Parse(source, external, new(source.Path, source.Slice(0, (int)source.Length), 0));
        }
        catch (EdbException e)
        {
            ReadOnlySpan<byte> head = source.Slice(0, (int)Math.Min(source.Length, 64));
            if (ForeignFormat.Recognise(head) is { } hint) throw EdbException.Refused($"{source.Path}: is not an ONNX model: {hint}", e);
            throw;
        }
    }

    static OnnxModel Parse(ModelFile source, ExternalData external, WireReader reader)
    {
        var graphs = new OnnxGraphReader(source, external);
        OnnxGraph? graph = null;
        long irVersion = 0, modelVersion = 0;
        (string producer, string producerVersion, string domain) = ("", "", "");
        List<OnnxFunction> functions = [];
        List<string> warnings = [];
        SortedDictionary<string, long> opsets = new(StringComparer.Ordinal);
        SortedDictionary<string, string> metadata = new(StringComparer.Ordinal);
        for (int fields = 0; reader.Next(out int field, out WireType type); fields++)
        {
            if (fields == MaxFields) reader.Refuse(reader.FieldStart, $"more than {MaxFields} functions, operator sets and metadata entries");
            switch (field)
            {
                case 1: irVersion = reader.Int64(type); break;
                case 2: producer = reader.Name(type); break;
                case 3: producerVersion = reader.Name(type); break;
                case 4: domain = reader.Name(type); break;
                case 5: modelVersion = reader.Int64(type); break;
                case 7 when graph is null: graph = graphs.Graph(reader.Message(type)); break;
                case 7: reader.Fail(reader.FieldStart, "a second graph"); break;
                case 8: OnnxGraphReader.Opset(reader.Message(type), opsets); break;
                case 14: Metadata(reader.Message(type), metadata, warnings); break;
                case 20:
                    warnings.Add("training_info is ignored: it describes how the model was trained elsewhere");
                    reader.Skip(type);
                    break;
                case 25: functions.Add(graphs.Function(reader.Message(type))); break;
                default: reader.Skip(type); break;
            }
        }

        if (irVersion < 1) throw Incomplete(source, "it has no ir_version");
        if (graph is null) throw Incomplete(source, "it has no graph");
        if (opsets.Count == 0 && irVersion >= OnnxVersions.OpsetsRequiredFromIr) throw Incomplete(source, "it has no opset_import");
        if (opsets.Count == 0) opsets[""] = 1;
        AddWarnings(warnings, irVersion, opsets, graph);
        AddAltered(warnings, functions);
        return new(source, external)
        {
            IrVersion = irVersion,
            ProducerName = producer,
            ProducerVersion = producerVersion,
            Domain = domain,
            ModelVersion = modelVersion,
            Graph = graph,
            Functions = functions,
            Opsets = opsets,
            Metadata = metadata,
            FileWarnings = warnings,
            NodeOrders = graphs.NodeOrders,
            IsTrainingArtifact = TrainingArtifact.Recognise(graph),
        };
    }

    static void AddWarnings(List<string> warnings, long irVersion, SortedDictionary<string, long> opsets, OnnxGraph graph)
    {
        if (irVersion > OnnxVersions.NewestIr)
            warnings.Add($"IR version {irVersion} is newer than {OnnxVersions.NewestIr}, the newest known here: parts may be ignored");
        if (opsets.TryGetValue("", out long opset) && opset > OnnxVersions.NewestOpset)
        {
            warnings.Add($"opset {opset} is newer than {OnnxVersions.NewestOpset}, the newest known here: operators may have changed; "
                + $"export with opset {OnnxVersions.NewestOpset} or lower");
        }

        if (graph.SparseInitializers is [string first, ..])
            warnings.Add($"{graph.SparseInitializers.Count} sparse initializers are not read, the first is \"{first}\"; store them dense");
    }

    static void AddAltered(List<string> warnings, List<OnnxFunction> functions)
    {
        foreach (var function in functions)
        {
            if (BaseFunction.Claimed(function) is { } claimed && function.Base is null)
                warnings.Add($"function {claimed} is not the one that `edb new` writes: its calls are run as plain ONNX, and nothing is regenerated");
        }
    }

    /// <summary>StringStringEntryProto: key 1, value 2.</summary>
    static void Metadata(WireReader reader, SortedDictionary<string, string> metadata, List<string> warnings)
    {
        (string key, string value) = ("", "");
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1)
            {
                key = reader.Name(type);
            }
            else if (field == 2)
            {
                ReadOnlySpan<byte> bytes = reader.Bytes(type);
                if (bytes.Length > MaxMetadataValue) warnings.Add($"metadata \"{key}\" has {bytes.Length} bytes and is not read");
                else value = Encoding.UTF8.GetString(bytes);
            }
            else
            {
                reader.Skip(type);
            }
        }

        metadata[key] = value;
    }

    static EdbException Incomplete(ModelFile source, string what) => EdbException.Refused(
        $"{source.Path}: is not a complete ONNX model: {what} in its {source.Length} bytes; "
        + "the file is another format or cut short, copy or download it again");
}
