"""A process that plays the places where people keep tables: a plain web server, S3, and the Hub.

Run as `python tests/table_server.py FOLDER`; it prints its port and serves the folder until its standard input closes.
`FOLDER/bucket/key` is `s3://bucket/key` for requests that are signed as `RIGHT`, and `FOLDER/owner/name/file` a file of
the Hub's dataset `owner/name`, for a token that is `hf_right` where `owner` is `closed`. The log of requests, one
`METHOD PATH` a line, is at `/_log`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    folder: Path
    log: list[str]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = unquote(urlsplit(self.path).path)
        if path == "/_log":
            return self._send(200, "\n".join(self.log).encode())
        self.log.append(f"{self.command} {self.path}")
        authorization = self.headers.get("Authorization", "")
        if "/closed/" in path and authorization != "Bearer hf_right":
            return self._send(401, b'{"error": "closed"}', {"X-Error-Code": "GatedRepo"})
        if path.startswith("/api/datasets/"):
            return self._hub(path.removeprefix("/api/datasets/"), body)
        if path.startswith("/datasets/"):
            owner, name, _, _, file = path.removeprefix("/datasets/").split("/", 4)
            return self._file(f"{owner}/{name}/{file}", {"X-Repo-Commit": COMMIT})
        if authorization.startswith("AWS4-") and "Credential=RIGHT/" not in authorization:
            return self._send(403, b"<Error><Code>InvalidAccessKeyId</Code><Message>no</Message></Error>")
        return self._file(path.lstrip("/"), {})

    def _file(self, name: str, headers: dict[str, str]) -> None:
        path = self.folder / name
        if not path.is_file():
            error = b"<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"
            return self._send(404, error, {"X-Error-Code": "EntryNotFound", "Content-Type": "application/xml"})
        data = path.read_bytes()
        headers |= {"ETag": f'"{hashlib.md5(data).hexdigest()}"', "Accept-Ranges": "bytes"}
        headers["Last-Modified"] = self.date_time_string(path.stat().st_mtime)
        wanted = self.headers.get("Range")
        if wanted is None:
            return self._send(200, data, headers)
        first, _, last = wanted.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(data)), len(data) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
        return self._send(206, data[start : end + 1], headers)

    def _hub(self, path: str, body: bytes) -> None:
        owner, name, *rest = path.split("/")
        folder = self.folder / owner / name
        if not folder.is_dir():
            return self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))}
        if rest[:1] == ["tree"]:
            deep = "recursive=true" in self.path.lower()
            below = "/".join(rest[2:])
            answer: object = [
                _entry(name, path)
                for name, path in files.items()
                if (deep and name.startswith(f"{below}/" if below else "")) or str(Path(name).parent) == (below or ".")
            ]
        elif rest[:1] == ["paths-info"]:
            asked = json.loads(body)["paths"]
            answer = [_entry(name, path) for name, path in files.items() if name in asked]
        else:
            answer = {"id": f"{owner}/{name}", "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]}
        return self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, data: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _entry(name: str, path: Path) -> dict[str, object]:
    kind = "directory" if path.is_dir() else "file"
    return {"type": kind, "path": name, "size": path.stat().st_size, "oid": "0" * 40}


@contextlib.contextmanager
def table_server(folder: Path) -> Iterator[str]:
    """Serve a folder while the context lasts; gives the address, without a slash at its end."""
    command = [sys.executable, __file__, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def requests_of(address: str) -> list[str]:
    """What was asked of a server, one `METHOD PATH` each."""
    with urllib.request.urlopen(f"{address}/_log") as answer:
        return answer.read().decode().splitlines()


def main() -> None:
    Handler.folder, Handler.log = Path(sys.argv[1]), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
