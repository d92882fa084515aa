"""The formats in which pictures are read: a list, so that what a file holds cannot choose what is done with it.

Of those that Pillow knows, EPS starts Ghostscript, WMF asks the system to draw, IPTC opens what is inside it by all
plugins, and others need a handler that somebody installs. None of them is a picture that a dataset has.
"""

from __future__ import annotations

from dataflow.media.heif import is_heif, know_heif

READ = (
    *("JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000", "PPM", "ICO", "CUR", "ICNS", "PSD"),
    *("QOI", "DDS", "BLP", "FTEX", "PCX", "DCX", "SGI", "SUN", "IM", "XBM", "XPM", "MSP", "PIXAR", "FITS", "FLI"),
    "TGA",  # has no signature, so that anything might be one: the last to be tried
)
"""As Pillow calls them."""


def formats_of(head: bytes) -> tuple[str, ...]:
    """The formats in which to open a file that begins so: to be given to every `Image.open` of a file of others.

    Args:
        head: its first 32 bytes; a HEIC picture needs a package, which is imported once one is met.
    """
    return (*READ, "HEIF") if is_heif(head) and know_heif(head) else READ
