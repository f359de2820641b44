namespace EdgeDropBack.Onnx;

/// <summary>Reads ValueInfoProto: name 1, type 2.</summary>
sealed class OnnxTypeReader
{
    const int MaxRank = 64;

    static readonly string[] s_kinds = ["", "tensor", "", "", "sequence", "map", "", "opaque", "sparse_tensor", "optional"];

    public OnnxValueInfo ValueInfo(WireReader reader)
    {
        var info = new OnnxValueInfo("", "none", OnnxDataType.Undefined, null);
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1) info = info with { Name = reader.Name(type) };
            else if (field == 2) info = Type(reader.Message(type), info);
            else reader.Skip(type);
        }

        return info;
    }

    /// <summary>TypeProto, one of: tensor 1, sequence 4, map 5, opaque 7, sparse tensor 8, optional 9.</summary>
    static OnnxValueInfo Type(WireReader reader, OnnxValueInfo info)
    {
        while (reader.Next(out int field, out WireType type))
        {
            if (field is > 0 and < 10 && s_kinds[field].Length > 0) info = info with { Kind = s_kinds[field] };
            if (field == 1) info = Tensor(reader.Message(type), info);
            else reader.Skip(type);
        }

        return info;
    }

    /// <summary>TypeProto.Tensor: elem_type 1, shape 2. A shape without dimensions is a scalar; no shape is an unknown rank.</summary>
    static OnnxValueInfo Tensor(WireReader reader, OnnxValueInfo info)
    {
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1) info = info with { ElementType = (OnnxDataType)reader.Int32(type) };
            else if (field == 2) info = info with { Dims = Shape(reader.Message(type)) };
            else reader.Skip(type);
        }

        return info;
    }

    /// <summary>TensorShapeProto: dim 1, each with dim_value 1 or dim_param 2. Negative, as some exporters write, is unknown.</summary>
    static List<OnnxDim> Shape(WireReader reader)
    {
        List<OnnxDim> dims = [];
        while (reader.Next(out int field, out WireType type))
        {
            if (field != 1)
            {
                reader.Skip(type);
                continue;
            }

            if (dims.Count == MaxRank) reader.Fail(reader.FieldStart, $"a shape with more than {MaxRank} dimensions");
            OnnxDim dim = default;
            WireReader entry = reader.Message(type);
            while (entry.Next(out int entryField, out WireType entryType))
            {
                if (entryField == 1) dim = entry.Int64(entryType) is >= 0 and long value ? value : default(OnnxDim);
                else if (entryField == 2) dim = entry.Name(entryType) is { Length: > 0 } symbol ? symbol : default(OnnxDim);
                else entry.Skip(entryType);
            }

            dims.Add(dim);
        }

        return dims;
    }
}
