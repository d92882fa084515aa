"""Where fetched content goes, and what can be said of it by its first and last bytes."""

from __future__ import annotations

from collections.abc import Callable

from dataflow.core.errors import MediaError
from dataflow.core.web_page import is_web_page, named_page

_HEAD = 4096
_TAIL = 16


class Sink:
    """Takes content and counts it.

    Args:
        name: of the URL, for messages.
        max_bytes: of the content.
        clear: forgets what was written.
        write: takes the next bytes.
    """

    def __init__(
        self, name: str, max_bytes: int, clear: Callable[[], object], write: Callable[[bytes], object]
    ) -> None:
        self._name = name
        self._max_bytes = max_bytes
        self._clear = clear
        self._write = write
        self.held = 0
        self._head = self._tail = b""

    def restart(self) -> None:
        """Begin anew."""
        self._clear()
        self.held = 0
        self._head = self._tail = b""

    def write(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            MediaError: they are too many.
        """
        self.held += len(chunk)
        if self.held > self._max_bytes:
            raise MediaError(f"{self._name} is larger than the limit of {self._max_bytes:,} bytes")
        if len(self._head) < _HEAD:
            self._head = (self._head + chunk)[:_HEAD]
        self._tail = (self._tail + chunk[-_TAIL:])[-_TAIL:]
        self._write(chunk)

    def check(self) -> None:
        """See that it can be a medium, whatever the server calls it.

        Raises:
            MediaError: it is empty, a page, a message or a drawing.
        """
        text = self._text()
        if text[:1] == b"<" and b"<svg" in text.lower():
            raise MediaError(f"{self._name} is an SVG drawing, which is not read: convert it to PNG")
        if is_web_page(self._head) or text[:1] == b"{":
            raise self._page("not an image or a video")

    def check_table(self) -> None:
        """See that it can be a dataset.

        Raises:
            MediaError: it is empty, or a page.
        """
        self._text()
        if is_web_page(self._head):
            raise self._page("not a dataset")

    def _text(self) -> bytes:
        if not self.held:
            raise MediaError(f"{self._name} is empty (0 bytes)")
        return self._head.removeprefix(b"\xef\xbb\xbf").lstrip()

    def _page(self, but: str) -> MediaError:
        sent = named_page(self._head) if is_web_page(self._head) else "a message"
        return MediaError(
            f"{self._name}: the server sent {sent}, {but}. Open the URL in a browser: where it wants a login, or has "
            "expired, download the file and give its path"
        )

    def is_whole(self) -> bool:
        """Whether this is an image with its end, so that a length that the server claims beyond it is wrong."""
        if self._head.startswith(b"\xff\xd8"):
            return self._tail.rstrip(b"\0").endswith(b"\xff\xd9")
        if self._head.startswith(b"\x89PNG"):
            return self._tail.endswith(b"IEND\xaeB`\x82")
        if self._head.startswith(b"GIF8"):
            return self._tail.endswith(b"\x3b")
        if self._head.startswith(b"RIFF"):
            return int.from_bytes(self._head[4:8], "little") + 8 <= self.held
        return False
