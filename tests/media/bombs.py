"""Pictures made to exhaust whoever opens them: by size, samples, scans, frames and what is written about them.

Small to make: sizes are claimed, pixels are runs of one value, and only metadata has its bytes.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

from PIL import Image

from tests.media.pictures import encoded, png_chunk

Make = Callable[[int, int, int], bytes]
"""Makes the file of a number: with so many bytes of metadata, or so many pixels to a side, if it is a bomb of these."""

_PNG = b"\x89PNG\r\n\x1a\n"


def bombs(count: int, metadata: int, side: int) -> Iterator[tuple[str, bytes]]:
    """So many bombs as (file name, content), all kinds in turn, no two alike.

    Args:
        count: how many.
        metadata: bytes of EXIF, profiles and texts.
        side: pixels of those that are no larger than is allowed.
    """
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        name, _, suffix = kind.partition(".")
        yield f"{number:03}-{name.replace(' ', '-')}.{suffix}", KINDS[kind](number, metadata, side)


def png(width: int, height: int, depth: int, colour: int, rows: int, *more: bytes) -> bytes:
    """A PNG that claims a size and has so many bytes of rows, all zero."""
    pack = zlib.compressobj(1)
    data = b"".join([*(pack.compress(bytes(1 << 20)) for _ in range(rows >> 20)), pack.flush()])
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"".join([_PNG, head, *more, png_chunk(b"IDAT", data), png_chunk(b"IEND", b"")])


def jpeg(*segments: bytes) -> bytes:
    """A large blank JPEG with further segments at its beginning."""
    plain = blank("JPEG", 3000)
    return b"".join([plain[:2], *segments, plain[2:]])


@cache
def blank(kind: str, side: int, **options: object) -> bytes:
    """A white square; too large to be sent as it is where its side is over 2048."""
    return encoded(Image.new("RGB", (side, side), "white"), kind, **options)


def _segments(marker: int, prefix: bytes, size: int) -> list[bytes]:
    body = prefix + bytes(65_000)
    return [b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body] * (size // 65_000 + 1)


def _claims(data: bytes, old: bytes, new: bytes, *, times: int = 1) -> bytes:
    assert data.count(old) >= 1, "nothing claims a size so"
    return data.replace(old, new, times)


def _scans(number: int, *_: int) -> bytes:
    """A progressive JPEG whose first scan of details comes two thousand times."""
    data = blank("JPEG", 4000, progressive=True)
    starts = [at for at in range(len(data) - 1) if data[at : at + 2] == b"\xff\xda"]
    ends = [
        min(found for found in (data.find(b"\xff\xc4", at), data.find(b"\xff\xd9", at)) if found > 0) for at in starts
    ]
    scan = data[starts[1] : ends[1]]
    return data[: ends[1]] + scan * (2000 + number) + data[ends[1] :]


def _jpeg_size(number: int, *_: int) -> bytes:
    plain = blank("JPEG", 64)
    return _claims(plain, struct.pack(">HH", 64, 64), struct.pack(">HH", 65_000 - number, 65_000))


def _jp2_size(number: int, *_: int) -> bytes:
    side = struct.pack(">I", 9_900 - number)
    plain = encoded(Image.new("RGB", (64, 64)), "JPEG2000", num_resolutions=1)
    return _claims(plain, struct.pack(">I", 64), side, times=plain.count(struct.pack(">I", 64)))


def _avif_size(number: int, *_: int) -> bytes:
    plain = encoded(Image.new("RGB", (64, 64)), "AVIF")
    return _claims(plain, struct.pack(">II", 64, 64), struct.pack(">II", 30_000 - number, 30_000))


def _heic_size(number: int, *_: int) -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    plain = encoded(Image.new("RGB", (64, 64)), "HEIF")
    return _claims(plain, struct.pack(">II", 64, 64), struct.pack(">II", 30_000 - number, 30_000))


def _avif_exif(number: int, size: int) -> bytes:
    return encoded(Image.new("RGB", (2500, 20 + number)), "AVIF", exif=b"II*\x00" + bytes(size))


def _webp(number: int, *chunks: bytes) -> bytes:
    """A WebP with chunks behind its pixels, and the flags of all three kinds."""
    inner = encoded(Image.new("RGB", (3000, 100 + number)), "WEBP", lossless=True)[12:]
    extended = b"\x2c" + bytes(3) + (2999).to_bytes(3, "little") + (99 + number).to_bytes(3, "little")
    body = b"WEBP" + _riff(b"VP8X", extended) + b"".join([inner, *chunks])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _webp_size(number: int, *_: int) -> bytes:
    head = 0x2F | ((16_383 - number) << 8) | (16_383 << 22)
    body = b"WEBP" + _riff(b"VP8L", head.to_bytes(5, "little") + bytes(40))
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _frames(kind: str, number: int, count: int) -> bytes:
    first = Image.new("P" if kind == "GIF" else "RGB", (2500, 4))
    rest = [Image.new(first.mode, first.size, at % 2 and 1) for at in range(1, count + number % 7)]
    return encoded(first, kind, save_all=True, append_images=rest)


def _gif_frames(number: int, *_: int) -> bytes:
    """Twenty thousand frames of one pixel on the largest canvas."""
    canvas = b"GIF89a" + struct.pack("<HH", 65_535 - number, 65_535) + b"\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    frame = b"\x21\xf9\x04\x04\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    return canvas + frame * 20_000 + b";"


def _tiff(number: int, mode: str, side: int, loop: bool = False) -> bytes:
    """A TIFF of packed zeros: samples of 16 or 32 bits, one strip."""
    bits, sample, bands = {"I;16": (16, 1, 1), "F": (32, 3, 1), "RGB;16": (16, 1, 3)}[mode]
    height = side + number
    packed = zlib.compressobj(1)
    row = bytes(side * bits // 8 * bands)
    strip = b"".join([*(packed.compress(row) for _ in range(height)), packed.flush()])
    at = 8 + len(strip) + len(strip) % 2
    tags = [
        (256, 4, side), (257, 4, height), (258, 3, bits), (259, 3, 8), (262, 3, 2 if bands == 3 else 1), (273, 4, 8),
        (277, 3, bands), (278, 4, height), (279, 4, len(strip)), (339, 3, sample),
    ]  # fmt: skip
    tags = [tag for tag in tags if not (bands == 3 and tag[0] in (258, 339))]
    listed = [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags]
    if bands == 3:
        behind = at + 2 + 12 * (len(listed) + 1) + 4
        listed.insert(2, struct.pack("<HHII", 258, 3, 3, behind))
    directory = struct.pack("<H", len(listed)) + b"".join(listed) + struct.pack("<I", at if loop else 0)
    head = b"II*\x00" + struct.pack("<I", at) + strip + bytes(len(strip) % 2)
    return head + directory + struct.pack("<3H", 16, 16, 16)


def _tiff_metadata(number: int, size: int, _: int) -> bytes:
    buffer = io.BytesIO()
    tags = {270: "a" * size, 700: bytes(size)}
    Image.new("RGB", (2500, 10 + number)).save(buffer, "TIFF", tiffinfo=tags)
    return buffer.getvalue()


def _ico(number: int, *_: int) -> bytes:
    inside = png(20_000 - number, 20_000, 8, 2, 1 << 20)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(inside), 22) + inside


def _psd(number: int, *_: int) -> bytes:
    return b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 29_000 - number, 29_000, 8, 3) + bytes(14)


def _dds(number: int, *_: int) -> bytes:
    head = struct.pack("<7I44x", 124, 0x1007, 16_000 - number, 16_000, 0, 0, 0)
    return b"DDS " + head + struct.pack("<2I4s5I", 32, 4, b"DXT1", 0, 0, 0, 0, 0) + bytes(20)


def _tga(number: int, *_: int) -> bytes:
    runs = b"\xff\x00\x00\x00" * 1000
    return struct.pack("<BBB5xHHHHBB", 0, 0, 10, 0, 0, 65_000 - number, 65_000, 24, 32) + runs


def _exif(size: int) -> bytes:
    return png_chunk(b"eXIf", b"II*\x00" + bytes(size))


def _bmp(number: int, *_: int) -> bytes:
    return b"BM" + struct.pack("<IIIIiiHH6I", 100, 0, 54, 40, 12_000 + number, 12_000, 1, 24, *[0] * 6)


def _text(number: int, size: int) -> bytes:
    return png_chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + b"<" * size + str(number).encode())


KINDS: dict[str, Make] = {
    "size.png": lambda number, *_: png(30_000 - number, 30_000, 8, 2, 1 << 20),
    "tall deep.png": lambda number, *_: png(1, 100_000_000 - number, 16, 0, 2 << 20),
    "wide deep.png": lambda number, *_: png(100_000_000 - number, 1, 16, 2, 1 << 20),
    "allowed.png": lambda number, _, side: png(side, side + number, 8, 0, side * (side + number + 1)),
    "exif.png": lambda number, size, _: png(
        3000, 10 + number, 8, 2, 1 << 20, png_chunk(b"eXIf", b"II*\x00" + bytes(size))
    ),
    "profile.png": lambda number, size, _: png(
        3000, 10 + number, 8, 2, 1 << 20, png_chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(size), 9))
    ),
    "xmp.png": lambda number, size, _: png(3000, 20 + number, 8, 2, 1 << 20, _text(number, size)),
    "scans.jpg": _scans,
    "size.jpg": _jpeg_size,
    "exif.jpg": lambda number, size, _: jpeg(
        *_segments(0xE1, b"Exif\x00\x00II*\x00", size), *_segments(0xFE, b"%d" % number, 1)
    ),
    "profile.jpg": lambda number, size, _: jpeg(
        *_segments(0xE2, b"ICC_PROFILE\x00\x01\x01", size), *_segments(0xFE, b"%d" % number, 1)
    ),
    "xmp.jpg": lambda number, size, _: jpeg(
        *_segments(0xE1, b"http://ns.adobe.com/xap/1.0/\x00", size), *_segments(0xFE, b"%d" % number, 1)
    ),
    "size.jp2": _jp2_size,
    "size.avif": _avif_size,
    "size.heic": _heic_size,
    "exif.avif": lambda number, size, _: encoded(
        Image.new("RGB", (2500, 20 + number)), "AVIF", exif=b"II*\x00" + bytes(size)
    ),
    "size.webp": _webp_size,
    "exif.webp": lambda number, size, _: _webp(number, _riff(b"EXIF", b"II*\x00" + bytes(size))),
    "profile.webp": lambda number, size, _: _webp(number, _riff(b"ICCP", bytes(size))),
    "frames.webp": lambda number, *_: _frames("WEBP", number, 300),
    "frames.gif": _gif_frames,
    "frames.png": lambda number, *_: _frames("PNG", number, 300),
    "deep.tif": lambda number, _, side: _tiff(number, "RGB;16", side),
    "float.tif": lambda number, _, side: _tiff(number, "F", side),
    "loop.tif": lambda number, *_: _tiff(number, "I;16", 2_500, loop=True),
    "metadata.tif": _tiff_metadata,
    "size.bmp": _bmp,
    "size.ppm": lambda number, *_: b"P6 1 %d 65535\n" % (99_999_999 - number),
    "size.tga": _tga,
    "size.ico": _ico,
    "size.psd": _psd,
    "size.dds": _dds,
}
