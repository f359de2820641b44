namespace EdgeDropBack.Onnx;

/// <summary>Says what a file is that is not an ONNX model, from its first bytes, and how to get a model from it.</summary>
static class ForeignFormat
{
    /// <summary>A sentence for the message, or null when the bytes are not recognised.</summary>
    public static string? Recognise(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\x03\x04"u8)) return "it is a zip archive: an .npz goes to --data or --input, a PyTorch .pt file is exported with torch.onnx.export";
        if (At(head, 0, [0x89, .. "EDB\r\n"u8])) return "it is a store: it goes to --store or --from, the model that it was trained on to MODEL";
        if (At(head, 1, "PNG\r\n"u8) || At(head, 0, [0xFF, 0xD8, 0xFF]) || At(head, 8, "WAVE"u8))
            return "it is an image or a recording: such samples go to --data, in a folder for each class";
        if (head.Length > 1 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
            return "it is a Python pickle, perhaps a PyTorch .pth file: export it with torch.onnx.export";
        if (At(head, 4, "TFL3"u8)) return "it is a TensorFlow Lite model: convert it with tf2onnx";
        if (At(head, 4, "ORTM"u8)) return "it is an ONNX Runtime .ort file: use the .onnx file it was made from";
        if (head.StartsWith("version https://git-lfs"u8)) return "it is a git-lfs pointer, not the model itself: run git lfs pull";
        if (At(head, 1, "HDF\r\n"u8)) return "it is an HDF5 file, perhaps a Keras model: convert it with tf2onnx";
        if (head.StartsWith("GGUF"u8)) return "it is a GGUF file of llama.cpp: use the .onnx export of the model";
        if (head.Length > 1 && head[0] == 0x1F && head[1] == 0x8B) return "it is gzip-compressed: unpack it first";
        if (At(head, 8, "{\""u8))
            return "it is a safetensors file, which has weights and no graph: export the model with torch.onnx.export";
        if (At(head, 1, "NUMPY"u8)) return "it is a NumPy array: it goes to --data or --input, the model to MODEL";
        if (At(head, 0, "\u007fELF"u8)) return "it is a program, not a model";
        ReadOnlySpan<byte> text = head.TrimStart(" \t\r\n\uFEFF"u8);
        if (StartsWithIgnoreCase(text, "<!doctype"u8) || StartsWithIgnoreCase(text, "<html"u8))
            return "it is a web page, perhaps of a download that failed: download the raw file";
        if (text.StartsWith("{"u8)) return "it is JSON text, not a model in protobuf form";
        if (text.StartsWith("ir_version"u8)) return "it is a model in protobuf text form: save it with onnx.save";
        return IsText(head) ? "it is text: name the .onnx file" : null;
    }

    static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte c in head)
            if (c is not ((>= (byte)' ' and <= (byte)'~') or (byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        return head.Length > 0;
    }

    static bool At(ReadOnlySpan<byte> head, int offset, ReadOnlySpan<byte> magic) =>
        head.Length >= offset + magic.Length && head.Slice(offset, magic.Length).SequenceEqual(magic);

    static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && System.Text.Ascii.EqualsIgnoreCase(text[..lower.Length], lower);
}
