"""Writes images in a matrix of formats into the folder given, each with NAME.rgb beside it: height and width as 32 bits, then what Pillow
decodes it to, upright and as RGB."""
import io, os, struct, sys
from PIL import Image, ImageOps

folder = sys.argv[1]
W, H = 37, 21


def picture(mode="RGB"):
    image = Image.new("RGB", (W, H))
    image.putdata([(x * 6, y * 11, (x * 3 + y * 5) % 256) for y in range(H) for x in range(W)])
    return image.convert(mode) if mode != "P" else image.quantize(16)


def exif(orientation, order):
    e, n = ("<", b"II*\0") if order == "II" else (">", b"MM\0*")
    return n + struct.pack(e + "IHHHIHHI", 8, 1, 0x112, 3, 1, orientation, 0, 0)


def keep(name, data):
    path = os.path.join(folder, name)
    open(path, "wb").write(data)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    if image.mode in ("I", "I;16"):
        image = image.convert("I").point(lambda v: v * (1 / 256)).convert("L")
    if image.mode == "LA":
        image = image.getchannel(0)
    image = (image.convert("RGBA") if image.mode in ("P", "RGBA", "PA") else image).convert("RGB")
    open(path + ".rgb", "wb").write(struct.pack("<II", image.height, image.width) + image.tobytes())


def saved(image, **options):
    stream = io.BytesIO()
    image.save(stream, **options)
    return stream.getvalue()


for quality in (60, 95):
    for subsampling in (0, 1, 2):
        for progressive in (False, True):
            keep(f"rgb-{quality}-{subsampling}-{progressive}.jpg",
                 saved(picture(), format="JPEG", quality=quality, subsampling=subsampling, progressive=progressive))
keep("gray.jpg", saved(picture("L"), format="JPEG"))
keep("gray-progressive.jpg", saved(picture("L"), format="JPEG", progressive=True))
keep("cmyk.jpg", saved(picture("CMYK"), format="JPEG", quality=95))
keep("optimized.jpg", saved(picture(), format="JPEG", optimize=True))
for orientation in range(0, 10):
    for order in ("II", "MM"):
        data = saved(picture(), format="JPEG", quality=95)
        segment = b"Exif\0\0" + exif(orientation, order)
        xmp = b"http://ns.adobe.com/xap/1.0/\0<x/>"
        keep(f"exif-{order}-{orientation}.jpg", data[:20] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp
             + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[20:])
        keep(f"exif-{order}-{orientation}.png", saved(picture(), format="PNG", exif=exif(orientation, order)))
for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
    keep(f"{mode}.png", saved(picture("L").convert(mode) if mode in ("1", "LA") else picture(mode), format="PNG"))
keep("palette-transparent.png", saved(picture("P"), format="PNG", transparency=3))
keep("rgb-transparent.png", saved(picture(), format="PNG", transparency=(6, 11, 8)))
keep("gray16.png", saved(picture("L").convert("I").point(lambda v: v * 257), format="PNG"))
for bits in (1, 2, 4):
    keep(f"palette-{bits}.png", saved(picture().quantize(2 ** bits), format="PNG", bits=bits))
for mode in ("1", "L", "P", "RGB", "RGBA"):
    keep(f"{mode}.bmp", saved(picture("L").convert("1") if mode == "1" else picture(mode), format="BMP"))
for mode in ("L", "RGB", "RGBA"):
    for rle in (False, True):
        keep(f"{mode}-{rle}.tga", saved(picture(mode), format="TGA", compression="tga_rle" if rle else None))


def bmp(name, bits, rows, height, palette=b"", compression=0, size=None, used=0, header=40, image_size=0, masks=b""):
    at = 14 + header + len(masks) + len(palette)
    if header == 12:
        info = struct.pack("<IHHHH", 12, W, height, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", header, W, height, 1, bits, compression, image_size, 2835, 2835, used, 0)
        info += masks[:max(0, header - 40)] + b"\0" * (header - len(info) - len(masks[:max(0, header - 40)]))
    keep(name, struct.pack("<2sIII", b"BM", at + len(rows) if size is None else size, 0, at) + info
         + (masks if header == 40 else b"") + palette + rows)


rgb = picture()
lines = [b"".join(bytes(rgb.getpixel((x, y))[::-1]) for x in range(W)).ljust((W * 3 + 3) // 4 * 4, b"\0") for y in range(H)]
bmp("down.bmp", 24, b"".join(lines), -H)
bmp("size-zero.bmp", 24, b"".join(lines[::-1]), H, size=0)
bmp("size-huge.bmp", 24, b"".join(lines[::-1]), H, size=0x7FFFFFFF)
bmp("image-size-wrong.bmp", 24, b"".join(lines[::-1]), H, image_size=77)
bmp("v4.bmp", 24, b"".join(lines[::-1]), H, header=108)
bmp("v5.bmp", 24, b"".join(lines[::-1]), H, header=124)
bmp("os2.bmp", 24, b"".join(lines[::-1]), H, header=12)
wide = [b"".join(bytes(rgb.getpixel((x, y))[::-1]) + b"\0" for x in range(W)) for y in range(H)]
bmp("32.bmp", 32, b"".join(wide[::-1]), H)
bmp("32-down.bmp", 32, b"".join(wide), -H)
bmp("fields-32.bmp", 32, b"".join(wide[::-1]), H, compression=3, masks=struct.pack("<III", 0xFF0000, 0xFF00, 0xFF))


def words(r, g):
    return b"".join(b"".join(struct.pack("<H", (p[0] >> 3) << (5 + g) | (p[1] >> (8 - g)) << 5 | p[2] >> 3) for x in range(W)
                             for p in [rgb.getpixel((x, y))]).ljust((W * 2 + 3) // 4 * 4, b"\0") for y in reversed(range(H)))


bmp("loose-555.bmp", 16, words(5, 5), H)
bmp("loose-565.bmp", 16, words(5, 6), H, compression=3, masks=struct.pack("<III", 0xF800, 0x07E0, 0x001F))
indexed = rgb.quantize(16)
colors = indexed.getpalette()[:48]
for bits in (4, 8):
    table = b"".join(bytes((colors[3 * i + 2], colors[3 * i + 1], colors[3 * i], 0)) if i < 16 else b"\0\0\0\0" for i in range(2 ** bits))
    row = lambda y: [indexed.getpixel((x, y)) for x in range(W)]
    pack = lambda r: bytes(r) if bits == 8 else bytes((r + [0])[i] << 4 | (r + [0])[i + 1] for i in range(0, len(r), 2))
    plain = [pack(row(y)).ljust((W * bits + 31) // 32 * 4, b"\0") for y in range(H)]
    bmp(f"palette-{bits}.bmp", bits, b"".join(plain[::-1]), H, palette=table)
    bmp(f"palette-{bits}-down.bmp", bits, b"".join(plain), -H, palette=table)
    coded = b""
    for y in reversed(range(H)):
        r = row(y)
        absolute = pack(r[:8])
        coded += bytes((0, 8)) + absolute + b"\0" * (len(absolute) & 1)
        x = 8
        while x < W:
            n = 1
            while x + n < W and r[x + n] == r[x]:
                n += 1
            coded += bytes((n, r[x] if bits == 8 else r[x] * 17))
            x += n
        coded += b"\0\0"
    bmp(f"runs-{bits}.bmp", bits, coded[:-2] + b"\0\1", H, palette=table, compression=1 if bits == 8 else 2)
