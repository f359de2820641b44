namespace EdgeDropBack.Onnx;

/// <summary>Reads one TensorProto: type and shape, and where its values are. Values are counted, never converted.</summary>
/// <remarks>
/// Fields: dims 1, data_type 2, float_data 4, int32_data 5, string_data 6, int64_data 7, name 8, raw_data 9, double_data 10,
/// uint64_data 11, external_data 13 (key 1, value 2), data_location 14 (1 = external).
/// </remarks>
sealed class OnnxTensorReader(ModelFile source, ExternalData external)
{
    const int MaxRank = 64;

    static readonly string[] s_listNames =
        ["", "", "", "", "float_data", "int32_data", "string_data", "int64_data", "", "", "double_data", "uint64_data"];

    readonly List<long> _dims = [];
    readonly Dictionary<string, string> _external = new(StringComparer.Ordinal);

    public OnnxTensor Read(WireReader reader, string? nameIfNone = null)
    {
        _dims.Clear();
        _external.Clear();
        long start = reader.Start;
        int messageLength = reader.Length;
        string name = "";
        var dataType = OnnxDataType.Undefined;
        bool isExternal = false;
        (long Offset, int Length)? raw = null;
        var lists = new ListRun[s_listNames.Length];
        while (reader.Next(out int field, out WireType type))
        {
            switch (field)
            {
                case 1: reader.Int64s(type, _dims); break;
                case 2: dataType = (OnnxDataType)reader.Int32(type); break;
                case 4 or 5 or 6 or 7 or 10 or 11: Count(ref reader, field, type, ref lists[field]); break;
                case 8: name = reader.Name(type); break;
                case 9:
                    int length = reader.Bytes(type).Length;
                    raw = (reader.Position - length, length);
                    break;
                case 13: ReadExternalEntry(reader.Message(type)); break;
                case 14: isExternal = reader.Int32(type) == 1; break;
                default: reader.Skip(type); break;
            }

            if (_dims.Count > MaxRank) reader.Fail(reader.FieldStart, $"a tensor with more than {MaxRank} dimensions");
        }

        if (name.Length == 0) name = nameIfNone ?? "";
        long[] dims = [.. _dims];
        long count = ElementCount(name, dims, start);
        long expected = ByteCount(name, dataType, dims, count, start);

        OnnxTensorData data;
        if (isExternal) data = External(name, dataType, dims, expected, start);
        else if (dataType != OnnxDataType.String && raw is { } bytes && (bytes.Length > 0 || expected == 0))
            data = Raw(name, dataType, dims, expected, bytes);
        else data = List(name, dataType, dims, count, expected, start, messageLength, lists);
        return new(source.Path, name, dataType, dims, count, data);
    }

    long ElementCount(string name, long[] dims, long at)
    {
        if (Array.Find(dims, d => d < 0) is < 0 and long negative)
            throw Refuse(name, at, $"dimension {negative} in [{string.Join(",", dims)}], expected 0 or more");
        if (Array.IndexOf(dims, 0) >= 0) return 0;
        long count = 1;
        foreach (long dim in dims)
        {
            if (Math.BigMul(count, dim, out long low) != 0 || low < 0)
                throw Refuse(name, at, $"shape [{string.Join(",", dims)}] has more elements than 64 bits can count");
            count = low;
        }

        return count;
    }

    long ByteCount(string name, OnnxDataType dataType, long[] dims, long count, long at)
    {
        if (dataType == OnnxDataType.String) return 0;
        if (dataType.Bits() == 0) throw Refuse(name, at, $"element {dataType.Label()} is not a known ONNX data type (1 to 26)");
        if (!dataType.TryByteCount(count, out long bytes) || bytes > int.MaxValue)
            throw Refuse(name, at, $"{dataType}[{string.Join(",", dims)}] takes more than the 2147483647 bytes one tensor may have here");
        return bytes;
    }

    OnnxTensorData Raw(string name, OnnxDataType dataType, long[] dims, long expected, (long Offset, int Length) raw)
    {
        if (raw.Length != expected) throw Mismatch(name, raw.Offset, dataType, dims, $"{expected} bytes", $"raw_data has {raw.Length}");
        return new(source, true, false, raw.Offset, raw.Length, 0, 0, default);
    }

    OnnxTensorData List(
        string name, OnnxDataType dataType, long[] dims, long count, long expected, long at, int messageLength, ListRun[] lists)
    {
        (int field, WireType unit, int perElement) = ListOf(dataType);
        long units = dataType.Bits() is > 0 and < 8 ? expected : count * perElement;
        ListRun run = lists[field];
        if (run.Count != units)
            throw Mismatch(name, at, dataType, dims, $"{units} values", $"{s_listNames[field]} has {run.Count} and raw_data none");
        bool isRaw = unit is WireType.Fixed32 or WireType.Fixed64 && run.Runs == 1 && run.IsPacked;
        bool mapped = isRaw || expected == 0 && unit != WireType.Bytes;
        return mapped
            ? new(source, true, false, run.Offset, (int)expected, 0, field, unit)
            : new(source, false, false, at, (int)expected, messageLength, field, unit);
    }

    OnnxTensorData External(string name, OnnxDataType dataType, long[] dims, long expected, long at)
    {
        if (dataType == OnnxDataType.String) throw Refuse(name, at, "string values cannot be external data");
        ModelFile file = external.Open(name, _external.GetValueOrDefault("location", ""));
        long offset = Number(name, "offset", 0, at);
        long length = Number(name, "length", expected, at);
        if (length != expected) throw Mismatch(name, at, dataType, dims, $"{expected} bytes", $"external data has length {length}");
        if (offset > file.Length - length)
        {
            throw EdbException.Refused(
                $"{source.Path}: tensor \"{name}\": external data at bytes {offset} to {(Int128)offset + length} of {file.Path}, "
                + $"which has {file.Length}; copy or download the data file again");
        }

        return new(file, true, true, offset, (int)length, 0, 0, default);
    }

    long Number(string name, string key, long absent, long at)
    {
        if (!_external.TryGetValue(key, out string? text)) return absent;
        return long.TryParse(text, out long value) && value >= 0
            ? value
            : throw Refuse(name, at, $"external data {key} \"{(text.Length <= 40 ? text : text[..40])}\", expected a number of bytes");
    }

    void ReadExternalEntry(WireReader reader)
    {
        (string key, string value) = ("", "");
        while (reader.Next(out int field, out WireType type))
        {
            if (field == 1) key = reader.Name(type);
            else if (field == 2) value = reader.Name(type);
            else reader.Skip(type);
        }

        if (key.Length > 0) _external[key] = value;
    }

    static void Count(ref WireReader reader, int field, WireType type, ref ListRun run)
    {
        (WireType unit, int size) = field switch
        {
            4 => (WireType.Fixed32, 4),
            10 => (WireType.Fixed64, 8),
            6 => (WireType.Bytes, 0),
            _ => (WireType.Varint, 0),
        };
        run.Runs++;
        if (type != WireType.Bytes || unit == WireType.Bytes)
        {
            if (type != unit) reader.Fail(reader.FieldStart, $"wire type {type} in {s_listNames[field]}, expected {unit}");
            reader.Skip(type);
            run.Count++;
            return;
        }

        WireReader packed = reader.Packed(type);
        (run.IsPacked, run.Offset) = (true, packed.Start);
        if (size > 0)
        {
            if (packed.Length % size != 0)
                reader.Fail(packed.Start, $"{packed.Length} bytes of {s_listNames[field]}, expected a multiple of {size}");
            run.Count += packed.Length / size;
            return;
        }

        for (; !packed.AtEnd; run.Count++) packed.Varint();
    }

    /// <summary>The list a type is stored in, the layout of one value and values an element.</summary>
    static (int Field, WireType Unit, int PerElement) ListOf(OnnxDataType type) => type switch
    {
        OnnxDataType.Float => (4, WireType.Fixed32, 1),
        OnnxDataType.Complex64 => (4, WireType.Fixed32, 2),
        OnnxDataType.Double => (10, WireType.Fixed64, 1),
        OnnxDataType.Complex128 => (10, WireType.Fixed64, 2),
        OnnxDataType.Int64 => (7, WireType.Varint, 1),
        OnnxDataType.UInt32 or OnnxDataType.UInt64 => (11, WireType.Varint, 1),
        OnnxDataType.String => (6, WireType.Bytes, 1),
        _ => (5, WireType.Varint, 1),
    };

    EdbException Mismatch(string name, long at, OnnxDataType type, long[] dims, string expected, string actual) =>
        Refuse(name, at, $"{type}[{string.Join(",", dims)}] needs {expected}, {actual}");

    EdbException Refuse(string name, long at, string what) =>
        EdbException.Refused($"{source.Path}: tensor \"{name}\" at byte {at}: {what}; the file is damaged, export or download it again");

    struct ListRun
    {
        public long Count;
        public long Offset;
        public int Runs;
        public bool IsPacked;
    }
}
