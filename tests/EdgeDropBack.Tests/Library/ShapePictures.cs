using EdgeDropBack.Data;
using StbImageWriteSharp;

namespace EdgeDropBack.Tests.Library;

/// <summary>Drawn pictures of four shapes, in gray on a noisy ground, alternately PNG and JPEG, one folder a class.</summary>
static class ShapePictures
{
    public static readonly string[] Classes = ["bar", "cross", "disc", "frame"];

    /// <param name="count">Pictures in all, equally many a class.</param>
    public static string Draw(string folder, int count, ulong seed)
    {
        for (var i = 0; i < count; i++)
        {
            var shape = i % Classes.Length;
            var path = Path.Combine(folder, Classes[shape], $"{i:000}.{(i / Classes.Length % 2 == 0 ? "png" : "jpg")}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Write(path, shape, SampleOrder.Hash(seed, (ulong)i));
        }
        return folder;
    }

    static void Write(string path, int shape, ulong seed)
    {
        int Random(ulong index, int below) => (int)(SampleOrder.Hash(seed, index) % (ulong)below);
        var (size, radius) = (32 + Random(0, 16), 7 + Random(1, 5));
        var (x0, y0, ink) = (size / 2 + Random(2, 7) - 3, size / 2 + Random(3, 7) - 3, 150 + Random(4, 100));
        var pixels = new byte[size * size];
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                var (dx, dy) = (Math.Abs(x - x0), Math.Abs(y - y0));
                var inside = shape switch
                {
                    0 => dx <= radius && dy <= 2,
                    1 => (dx <= 2 && dy <= radius) || (dy <= 2 && dx <= radius),
                    2 => dx * dx + dy * dy <= radius * radius,
                    _ => Math.Max(dx, dy) <= radius && Math.Max(dx, dy) > radius - 3,
                };
                pixels[y * size + x] = (byte)((inside ? ink : 20) + Random((ulong)(8 + y * size + x), 40) - 20);
            }
        }
        using var file = File.Create(path);
        if (path.EndsWith("png", StringComparison.Ordinal)) new ImageWriter().WritePng(pixels, size, size, ColorComponents.Grey, file);
        else new ImageWriter().WriteJpg(pixels, size, size, ColorComponents.Grey, file, 92);
    }
}
