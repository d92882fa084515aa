"""Small sound files of all formats that we read, made on the spot: what mutants are made of."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.media.pictures import encoded, exif_of

IMAGES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("plain.jpg", "JPEG", "RGB", {}),
    ("progressive.jpg", "JPEG", "RGB", {"progressive": True, "exif": exif_of(6)}),
    ("four.jpg", "JPEG", "CMYK", {}),
    ("plain.png", "PNG", "RGB", {}),
    ("deep.png", "PNG", "I;16", {}),
    ("palette.png", "PNG", "P", {"exif": exif_of(3)}),
    ("moving.png", "PNG", "RGB", {"save_all": True}),
    ("moving.gif", "GIF", "P", {"save_all": True}),
    ("lossy.webp", "WEBP", "RGB", {"exif": exif_of(8)}),
    ("lossless.webp", "WEBP", "RGBA", {"lossless": True}),
    ("moving.webp", "WEBP", "RGB", {"save_all": True}),
    ("plain.bmp", "BMP", "RGB", {}),
    ("palette.bmp", "BMP", "P", {}),
    ("plain.tif", "TIFF", "RGB", {"exif": exif_of(6)}),
    ("packed.tif", "TIFF", "RGB", {"compression": "tiff_lzw"}),
    ("jpeg.tif", "TIFF", "RGB", {"compression": "jpeg"}),
    ("fax.tif", "TIFF", "1", {"compression": "group4"}),
    ("deep.tif", "TIFF", "I;16", {"compression": "tiff_adobe_deflate"}),
    ("float.tif", "TIFF", "F", {}),
    ("pages.tif", "TIFF", "L", {"save_all": True}),
    ("plain.avif", "AVIF", "RGB", {}),
    ("moving.avif", "AVIF", "RGB", {"save_all": True}),
    ("plain.heic", "HEIF", "RGB", {}),
    ("plain.jp2", "JPEG2000", "RGB", {}),
    ("stream.j2k", "JPEG2000", "L", {"no_jp2": True}),
    ("plain.ppm", "PPM", "RGB", {}),
    ("plain.ico", "ICO", "RGBA", {}),
    ("plain.icns", "ICNS", "RGBA", {}),
    ("plain.tga", "TGA", "RGB", {"compression": "tga_rle"}),
    ("plain.pcx", "PCX", "P", {}),
    ("plain.sgi", "SGI", "RGB", {}),
    ("plain.dds", "DDS", "RGBA", {}),
    ("plain.qoi", "QOI", "RGB", {}),
    ("plain.im", "IM", "RGB", {}),
    ("plain.xbm", "XBM", "1", {}),
    ("plain.msp", "MSP", "1", {}),
)
VIDEOS = (
    ("plain.mp4", "libx264", {"bf": "2", "threads": "1"}),
    ("pieces.mp4", "libx264", {"movflags": "frag_keyframe+empty_moov", "threads": "1"}),
    ("newer.mp4", "libx265", {"x265-params": "log-level=none:pools=1"}),
    ("plain.mov", "mpeg4", {}),
    ("plain.mkv", "libx264", {"threads": "1"}),
    ("plain.webm", "libvpx-vp9", {"deadline": "realtime"}),
    ("plain.avi", "mpeg4", {}),
    ("frames.avi", "mjpeg", {}),
    ("plain.ts", "mpeg2video", {}),
    ("plain.mpg", "mpeg1video", {}),
    ("plain.flv", "flv1", {}),
    ("plain.wmv", "wmv2", {}),
    ("plain.3gp", "mpeg4", {}),
    ("plain.mxf", "mpeg2video", {}),
)
ROWS = [{"id": number, "image": f"{number}.jpg", "text": "words, ünd\n more " * number} for number in range(6)]
SRT = "".join(f"{at}\n00:00:0{at},000 --> 00:00:0{at},900\nLine <i>{at}</i>\n\n" for at in range(1, 6))
SIDE, FRAMES = 48, 8


def corpus() -> dict[str, bytes]:
    """The files by name."""
    return {**dict(_images()), **dict(_videos()), **dict(_texts()), **dict(_tables())}


def _images() -> Iterator[tuple[str, bytes]]:
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    picture = Image.radial_gradient("L").resize((SIDE, SIDE * 3 // 4))
    coloured = Image.merge("RGB", (picture, picture.rotate(180), picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    for name, kind, mode, options in IMAGES:
        image = picture.convert(mode) if mode in ("I;16", "F", "L", "1") else coloured.convert(mode)
        if kind == "ICNS":
            image = image.resize((128, 128))
        more = {"append_images": [image.rotate(90), image.rotate(180)]} if options.get("save_all") else {}
        yield name, encoded(image, kind, **options, **more)


def _videos() -> Iterator[tuple[str, bytes]]:
    import av
    import numpy as np

    size = (176, 144)  # what old codecs know
    with tempfile.TemporaryDirectory() as folder:
        for name, codec, options in VIDEOS:
            path = Path(folder, name)
            kept = {"movflags": options["movflags"]} if "movflags" in options else {}
            with av.open(str(path), "w", options=kept) as container:
                stream = container.add_stream(codec, rate=25, options=options)
                stream.width, stream.height, stream.pix_fmt = *size, "yuvj420p" if codec == "mjpeg" else "yuv420p"
                stream.gop_size = 4
                for number in range(FRAMES):
                    shade = np.full((size[1], size[0], 3), 20 * number, np.uint8)
                    shade[::3, number * 9 :] = 200
                    container.mux(stream.encode(av.VideoFrame.from_ndarray(shade)))
                container.mux(stream.encode(None))
            yield name, path.read_bytes()


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "words.srt", SRT.encode()
    yield "words.vtt", ("WEBVTT\n\n" + SRT.replace(",", ".")).encode("utf-16")


def _tables() -> Iterator[tuple[str, bytes]]:
    import pyarrow as pa
    import pyarrow.feather as feather
    import pyarrow.parquet as parquet

    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
    yield "rows.jsonl", lines
    yield "rows.json", json.dumps(ROWS, indent=1).encode()
    yield "rows.csv", b"id,image,text\n" + b"".join(b'%d,a.jpg,"some ""words""\nand more"\n' % at for at in range(6))
    yield "rows.tsv", b"id\timage\ttext\n" + b"".join(b"%d\ta.jpg\twords\n" % at for at in range(6))
    yield "rows.jsonl.gz", gzip.compress(lines, mtime=0)
    yield "rows.jsonl.bz2", bz2.compress(lines)
    yield "rows.jsonl.xz", lzma.compress(lines)
    packed = pa.BufferOutputStream()
    with pa.CompressedOutputStream(packed, "zstd") as stream:
        stream.write(lines)
    yield "rows.jsonl.zst", packed.getvalue().to_pybytes()
    table = pa.Table.from_pylist([{**row, "deep": {"a": [row["id"]]}} for row in ROWS])
    for name, write in (("rows.parquet", parquet.write_table), ("rows.arrow", feather.write_feather)):
        buffer = io.BytesIO()
        write(table, buffer)
        yield name, buffer.getvalue()
