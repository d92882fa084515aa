from __future__ import annotations

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.viewer.pages import Viewer, open_sockets, resident_mb, sample_media, viewing, write_dataset

SECRET = b"secret-of-this-machine"


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    outside = tmp_path_factory.mktemp("outside")
    sample_media(outside)
    (outside / "secret.txt").write_bytes(SECRET)
    folder = tmp_path_factory.mktemp("data")
    sample_media(folder)
    (folder / "page.png").write_text("<html><script>alert(1)</script>")
    (folder / "shape.jpg").write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    (folder / "linked.png").symlink_to(outside / "one.png")
    (folder / "inside.png").symlink_to(folder / "one.png")
    (folder / "deep").symlink_to(outside)
    os.mkfifo(folder / "pipe.png")
    rows = [
        {"id": "own", "image": ["one.png"], "video": ["clip.mp4"]},
        {"id": "secret", "image": [str(outside / "secret.txt"), "/etc/passwd", "/dev/zero", "pipe.png"]},
        {"id": "link", "image": ["linked.png", "deep/two.jpg", "inside.png"]},
        {"id": "real", "image": [str(outside / "one.png")]},
        {"id": "html", "image": ["page.png", "shape.jpg"]},
        {
            "id": "odd",
            "image": ["a\0b.png", "x" * 5000 + ".png", "http://127.0.0.1:1/x.png", "", "../" * 40 + "etc/passwd"],
        },
        {"id": "output", "caption": str(outside / "one.png"), "image": "data:image/png;base64,AAAA"},
    ]
    with viewing(write_dataset(folder, rows), cwd=folder) as viewer:
        yield viewer


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "static/../../../../etc/passwd",
        "static/..%2f..%2f..%2fetc%2fpasswd",
        "static/%2e%2e/%2e%2e/etc/passwd",
        "static//etc/passwd",
        "media/1/rows/0//etc/passwd",
        "media/1/rows/0/..%2f..%2fetc%2fpasswd",
        "media/1/rows/0/%2Fetc%2Fpasswd",
        "media/1/..%2frows/0/0",
        "media/1/rows/0/9",
        "media/1/rows/-1/0",
        "media/1/rows/0/0%00",
        "media/1/rows/٣/0",
        "thumb/1/rows/..",
        "frame/1/rows/0/0/0?times=nan",
        "frame/1/rows/0/0/0?times=../../etc/passwd",
        "preview/1/rows/0/0",
        "api/sample/1/rows/1e3",
    ],
)
def test_no_address_reaches_a_file_that_the_dataset_does_not_name(attacked: Viewer, path: str) -> None:
    answer = attacked.get(path.encode().decode("latin-1") if not path.isascii() else path) if path.isascii() else None
    if answer is None:
        answer = attacked.get(path.replace("٣", "%D9%A3"))
    assert answer.status in (400, 403, 404), answer.body
    assert b"root:" not in answer.body


@pytest.mark.parametrize(
    "target", ["/", "/etc/passwd", "/static/main.js", "//", "http://127.0.0.1/", "/api/state", "*"]
)
def test_nothing_is_shown_without_the_token(attacked: Viewer, target: str) -> None:
    answer = attacked.raw(target)
    assert answer.status in (400, 403)
    assert b"one.png" not in answer.body


def test_a_token_that_is_nearly_right_is_wrong(attacked: Viewer) -> None:
    token = attacked.prefix.strip("/")
    assert len(token) >= 32
    for wrong in (token[:-1], token[:-1] + ("a" if token[-1] != "a" else "b"), token.upper(), token + "x", ""):
        assert attacked.raw(f"/{wrong}/api/state").status == 403
    assert attacked.raw(f"/{token}/api/state").status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::2]", "localhost."]
)
def test_a_foreign_host_is_not_answered(attacked: Viewer, host: str) -> None:
    answer = attacked.raw(attacked.prefix + "api/state", Host=host)
    assert answer.status in (400, 421)
    assert b"one.png" not in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "[::1]:5", "LOCALHOST:1"])
def test_this_machine_is_answered_whatever_the_port_so_that_tunnels_work(attacked: Viewer, host: str) -> None:
    assert attacked.raw(attacked.prefix + "api/state", Host=host).status == 200


def test_another_origin_may_not_ask(attacked: Viewer) -> None:
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{attacked.port + 1}"):
        assert attacked.post("api/undo", {"who": "x"}, Origin=origin).status == 403
    assert attacked.post("api/undo", {"who": "x"}, Origin=f"http://127.0.0.1:{attacked.port}").status == 200
    assert attacked.raw(attacked.prefix + "api/undo", "POST", b'{"who":"x"}', Content_Type="text/plain").status == 400


def test_files_that_are_no_media_are_not_served_even_when_the_dataset_names_them(attacked: Viewer) -> None:
    for row, count in ((1, 4), (4, 2)):
        for number in range(count):
            answer = attacked.get(f"media/1/rows/{row}/{number}")
            assert answer.status == 422
            assert SECRET not in answer.body and b"root:" not in answer.body and b"<script>" not in answer.body
        assert attacked.get(f"thumb/1/rows/{row}").status == 422


def test_a_link_out_of_the_folder_is_refused_and_one_within_it_is_not(attacked: Viewer) -> None:
    assert [attacked.get(f"media/1/rows/2/{number}").status for number in range(3)] == [422, 422, 200]
    assert b"--follow-links" in attacked.get("media/1/rows/2/0").body
    assert attacked.get("media/1/rows/3/0").status == 200  # its real path is what the dataset names


def test_odd_paths_are_problems_of_their_own(attacked: Viewer) -> None:
    media = attacked.json("api/sample/1/rows/5")["media"]
    assert len(media) == 4  # the empty one is none
    assert all("problem" in medium for medium in media)
    assert [attacked.get(f"media/1/rows/5/{number}").status for number in range(4)] == [422] * 4


def test_what_a_model_wrote_is_never_taken_for_media(attacked: Viewer) -> None:
    whole = attacked.json("api/sample/1/rows/6")
    assert [medium["name"] for medium in whole["media"]] == ["data: URL"]
    assert attacked.get("media/1/rows/6/0").status == 422


def test_links_out_are_followed_when_told(tmp_path: Path) -> None:
    sample_media(tmp_path / "outside")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "linked.png").symlink_to(tmp_path / "outside" / "one.png")
    with viewing(write_dataset(folder, [{"image": "linked.png"}]), "--follow-links", cwd=folder) as viewer:
        assert viewer.get("media/1/rows/0/0").status == 200


def test_every_answer_binds_the_browser(attacked: Viewer) -> None:
    for path in ("", "api/state", "nothing", "media/1/rows/0/0"):
        headers = attacked.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
    policy = attacked.get("").headers["content-security-policy"]
    assert "unsafe" not in policy and "require-trusted-types-for 'script'" in policy
    assert attacked.get("media/1/rows/0/0").headers["content-security-policy"].endswith("sandbox")


@pytest.mark.parametrize(
    ("asked", "status", "length"),
    [
        ("bytes=0-99", 206, 100),
        ("bytes=-10", 206, 10),
        ("bytes=0-1073741823", 206, 18578),
        ("bytes=5-999999999999999999999", 206, 18573),
        ("bytes=1073741824-", 416, None),
        ("bytes=10-5", 400, None),
        ("bytes=a-b", 400, None),
    ],
)
def test_ranges_are_served_within_the_file(attacked: Viewer, asked: str, status: int, length: int | None) -> None:
    answer = attacked.get("media/1/rows/0/1", Range=asked)
    assert answer.status == status
    if length is not None:
        assert len(answer.body) == length


def test_thousands_of_overlapping_ranges_send_no_more_than_the_file_and_little(attacked: Viewer) -> None:
    ranges = ",".join("0-" for _ in range(5000))
    answer = attacked.get("media/1/rows/0/1", Range=f"bytes={ranges}")
    assert answer.status in (200, 206, 400, 416, 431)  # the whole file is allowed, too
    assert len(answer.body) <= 20_000


def test_a_body_without_end_is_cut_off(attacked: Viewer) -> None:
    answer = attacked.post("api/decide", {"who": "x" * 5_000_000})
    assert answer.status == 400
    for text in (b"[1]", b"{", b"\xff", b"[" * 100_000):
        assert attacked.raw(attacked.prefix + "api/decide", "POST", text, Content_Type="application/json").status == 400


def test_two_hundred_clients_at_once_are_all_answered(attacked: Viewer) -> None:
    listeners = open_sockets(attacked, 200)
    for one in listeners:
        one.sendall(f"GET {attacked.prefix}api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    try:
        for one in listeners:
            one.settimeout(20)
            assert one.recv(64).startswith(b"HTTP/1.1 200")
        with ThreadPoolExecutor(200) as pool:
            paths = ["api/rows", "media/1/rows/0/0", "api/sample/1/rows/0", "media/1/rows/0/1"] * 50
            assert {answer.status for answer in pool.map(attacked.get, paths)} == {200}
        assert resident_mb(attacked.process.pid) < 400
    finally:
        for one in listeners:
            one.close()


def test_clients_that_say_nothing_keep_nobody_out(attacked: Viewer) -> None:
    silent = open_sockets(attacked, 300)
    try:
        for one in silent[:100]:
            one.sendall(b"GET /")
        assert attacked.get("api/state").status == 200
    finally:
        for one in silent:
            one.close()


def test_it_listens_on_this_machine_alone(attacked: Viewer) -> None:
    with socket.socket() as other:
        other.settimeout(2)
        # 127.0.0.2 is this machine too, and another address: a server on all of them would answer.
        assert other.connect_ex(("127.0.0.2", attacked.port)) != 0


def test_a_range_of_a_gigabyte_is_streamed_not_held(tmp_path: Path) -> None:
    sample_media(tmp_path)
    with (tmp_path / "clip.mp4").open("ab") as file:
        file.truncate(2**31)  # sparse: it takes no room on the disk
    with viewing(write_dataset(tmp_path, [{"video": ["clip.mp4"]}])) as viewer:
        assert viewer.get("api/rows").status == 200
        before = resident_mb(viewer.process.pid)
        readers = open_sockets(viewer, 20)
        try:
            ask = (
                f"GET {viewer.prefix}media/1/rows/0/0 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-1073741823\r\n\r\n"
            )
            for reader in readers:
                reader.sendall(ask.encode())
            for reader in readers:
                reader.settimeout(30)
                held = b""
                while len(held) < 2**20:
                    held += reader.recv(2**18)
                assert held.startswith(b"HTTP/1.1 206") and b"content-length: 1073741824\r\n" in held
            assert resident_mb(viewer.process.pid) - before < 60
        finally:
            for reader in readers:
                reader.close()


def test_on_all_addresses_it_answers_to_addresses_and_not_to_names(tmp_path: Path) -> None:
    with viewing(write_dataset(tmp_path, [{"caption": "x"}]), "--host", "0.0.0.0") as viewer:
        hosts = {"192.168.1.5:80": 200, "[fe80::1]": 200, "localhost": 200, "evil.example": 421, "1.2.3.4.evil": 421}
        assert {host: viewer.raw(viewer.prefix + "api/state", Host=host).status for host in hosts} == hosts
        viewer.process.terminate()
        assert "unencrypted" in viewer.ended()[1]
